import { isRegion, warningOfRegion } from '../../infra/settings/regions.ts';
import { type Check, ok, type Subject, warning } from './check.ts';

/** Whether there can be anything to report: in a region without MediaConnect a stack is well, and silent for ever. */
export async function checkRegion({ settings: { region } }: Pick<Subject, 'settings'>): Promise<readonly Check[]> {
  const check = `region ${region}`;
  if (!isRegion(region)) return [warning(check, 'is none that this version knows; is MediaConnect there?')];
  const said = warningOfRegion(region)?.replace(/^notifier:regions: /, '');
  return [said === undefined ? ok(check, 'MediaConnect is there') : warning(check, said)];
}
