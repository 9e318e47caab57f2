import { awsFailure } from '../aws/aws-failure.ts';
import { type Check, failed, look, ok, warning } from './check.ts';
import type { Examined } from './examined.ts';
import { type Coverage, coverageOf, joined } from './trail-coverage.ts';

const CHECK = 'trail';

const NOTHING: Coverage = { reads: false, writes: false };

/** A trail of ours, or `undefined` for one that we may not look into, such as that of an organization. */
async function coverageOfTrail({ clients }: Examined, arn: string): Promise<Coverage | undefined> {
  const { sdk, client } = await clients.cloudTrail();
  try {
    const { IsLogging } = await client.send(new sdk.GetTrailStatusCommand({ Name: arn }));
    if (!IsLogging) return NOTHING;
    return coverageOf(await client.send(new sdk.GetEventSelectorsCommand({ TrailName: arn })));
  } catch (error) {
    if (['denied', 'not-found'].includes(awsFailure(error).kind)) return undefined;
    throw error;
  }
}

async function coverages(examined: Examined): Promise<readonly (Coverage | undefined)[]> {
  const { sdk, client } = await examined.clients.cloudTrail();
  const { trailList = [] } = await client.send(new sdk.DescribeTrailsCommand({ includeShadowTrails: true }));
  const here = trailList.filter(
    ({ IsMultiRegionTrail, HomeRegion }) => IsMultiRegionTrail || HomeRegion === examined.settings.region,
  );
  return Promise.all(here.map(({ TrailARN = '' }) => coverageOfTrail(examined, TrailARN)));
}

const recordTo = (what: string): string =>
  `set notifier:createTrail to true and deploy, or let a trail of yours record ${what}`;

const isEnough = ({ reads, writes }: Coverage, readers: readonly string[]): boolean =>
  writes && (reads || readers.length === 0);

function judge(found: readonly (Coverage | undefined)[], readers: readonly string[]): Check {
  const coverage = joined(found.filter((each) => each !== undefined));
  const { reads, writes } = coverage;
  if (isEnough(coverage, readers)) {
    return ok(CHECK, `a trail that is logging records ${reads ? 'reads and changes' : 'changes'} in this region`);
  }
  const missing = writes ? 'read management events' : 'management events';
  const says = `no trail that is logging records ${missing} in this region`;
  if (found.includes(undefined)) {
    return warning(CHECK, `${says}, as far as can be seen: one may not be looked into`);
  }
  const silent = writes ? `${readers.join(', ')} will get no reads` : 'nothing can be told';
  return failed(CHECK, `${says}: ${silent}`, recordTo(missing));
}

/** Without a trail that logs, EventBridge gets no call at all; without one that logs reads, no read. */
export async function checkTrail(examined: Examined): Promise<readonly Check[]> {
  const wanted = examined.rules.filter(({ state }) => state !== 'DISABLED');
  if (wanted.length === 0) return [ok(CHECK, 'not needed: no rule is enabled')];
  const readers = wanted.filter(({ state }) => state === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
  return look(CHECK, async () => [
    judge(
      await coverages(examined),
      readers.map(({ name }) => name),
    ),
  ]);
}
