import { isRegion, warningOfRegion } from '../../infra/settings/regions.ts';
import { type Check, type Examined, ok, warning } from './check.ts';

/** Whether there can be anything to tell: in a region without MediaConnect a stack is well, and silent for ever. */
export async function checkRegion({ settings: { region } }: Pick<Examined, 'settings'>): Promise<readonly Check[]> {
  const check = `region ${region}`;
  if (!isRegion(region)) return [warning(check, 'is none that this version knows; is MediaConnect there?')];
  const said = warningOfRegion(region)?.replace(/^notifier:regions: /, '');
  return [said === undefined ? ok(check, 'MediaConnect is there') : warning(check, said)];
}
