import type {
  AdvancedEventSelector,
  EventSelector,
  GetEventSelectorsResponse,
  Trail,
} from '@aws-sdk/client-cloudtrail';
import { CLOUDTRAIL_EVENT_SOURCE } from '../../shared/call/api-call-event.ts';
import { awsFailure, isAwsError } from '../aws/failure.ts';
import { type Check, failed, look, ok, type Subject, warning } from './check.ts';

/** Which of MediaConnect's calls a trail records. */
export interface Coverage {
  readonly reads: boolean;
  readonly writes: boolean;
}

const NONE: Coverage = { reads: false, writes: false };

const OF_TYPE: Readonly<Record<string, Coverage>> = {
  All: { reads: true, writes: true },
  ReadOnly: { reads: true, writes: false },
  WriteOnly: { reads: false, writes: true },
};

const joined = (coverages: readonly Coverage[]): Coverage => ({
  reads: coverages.some(({ reads }) => reads),
  writes: coverages.some(({ writes }) => writes),
});

const ofSelector = ({ IncludeManagementEvents = true, ReadWriteType = 'All' }: EventSelector): Coverage =>
  IncludeManagementEvents ? (OF_TYPE[ReadWriteType] ?? NONE) : NONE;

/** An advanced selector is an AND of fields; of those that are there for management events, three matter. */
function ofAdvancedSelector({ FieldSelectors = [] }: AdvancedEventSelector): Coverage {
  const field = (name: string) => FieldSelectors.find(({ Field }) => Field === name);
  const source = field('eventSource');
  const isOurs =
    field('eventCategory')?.Equals?.includes('Management') === true &&
    source?.NotEquals?.includes(CLOUDTRAIL_EVENT_SOURCE) !== true &&
    source?.Equals?.includes(CLOUDTRAIL_EVENT_SOURCE) !== false;
  if (!isOurs) return NONE;
  const readOnly = field('readOnly')?.Equals;
  return { reads: readOnly?.includes('true') !== false, writes: readOnly?.includes('false') !== false };
}

/**
 * What a trail records of MediaConnect by its event selectors.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 */
export const coverageOf = ({ EventSelectors = [], AdvancedEventSelectors = [] }: GetEventSelectorsResponse): Coverage =>
  joined([...EventSelectors.map(ofSelector), ...AdvancedEventSelectors.map(ofAdvancedSelector)]);

const CHECK = 'trail';

const NOTHING: Coverage = { reads: false, writes: false };

/** What one trail records, or why it could not be looked into. */
type Finding =
  | { readonly kind: 'known'; readonly coverage: Coverage }
  | { readonly kind: 'unknown'; readonly arn: string; readonly region: string; readonly reason: string };

/**
 * Asks for a trail where it lives: elsewhere it is a shadow, and CloudTrail may not know it by its ARN. Whatever it
 * answers is about this trail alone; a trail of an organization, or of a region that is not opted in, may be refused
 * in many ways.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html
 */
async function findingOf({ clients, settings }: Subject, { TrailARN = '', HomeRegion }: Trail): Promise<Finding> {
  const region = HomeRegion ?? settings.region;
  const { sdk, client } = await clients.cloudTrail(region);
  try {
    const { IsLogging } = await client.send(new sdk.GetTrailStatusCommand({ Name: TrailARN }));
    if (!IsLogging) return { kind: 'known', coverage: NOTHING };
    const selectors = await client.send(new sdk.GetEventSelectorsCommand({ TrailName: TrailARN }));
    return { kind: 'known', coverage: coverageOf(selectors) };
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return { kind: 'unknown', arn: TrailARN, region, reason: awsFailure(error).text };
  }
}

async function findingsOf(subject: Subject): Promise<readonly Finding[]> {
  const { sdk, client } = await subject.clients.cloudTrail();
  const { trailList = [] } = await client.send(new sdk.DescribeTrailsCommand({ includeShadowTrails: true }));
  const here = trailList.filter(
    ({ IsMultiRegionTrail, HomeRegion }) => IsMultiRegionTrail || HomeRegion === subject.settings.region,
  );
  return Promise.all(here.map((trail) => findingOf(subject, trail)));
}

const recordTo = (what: string): string =>
  `set notifier:createTrail to true and deploy, or let a trail of yours record ${what}`;

const isEnough = ({ reads, writes }: Coverage, readers: readonly string[]): boolean =>
  writes && (reads || readers.length === 0);

function judge(findings: readonly Finding[], readers: readonly string[]): Check {
  const coverage = joined(findings.flatMap((finding) => (finding.kind === 'known' ? [finding.coverage] : [])));
  const { reads, writes } = coverage;
  if (isEnough(coverage, readers)) {
    return ok(CHECK, `a trail that is logging records ${reads ? 'reads and changes' : 'changes'} in this region`);
  }
  const missing = writes ? 'read management events' : 'management events';
  const says = `no trail that is logging records ${missing} in this region`;
  const unknown = findings.find((finding) => finding.kind === 'unknown');
  if (unknown !== undefined) {
    const { arn, region, reason } = unknown;
    return warning(
      CHECK,
      `${says}, as far as can be seen: ${arn} could not be looked into (${reason})`,
      `ask whoever owns it: aws cloudtrail get-event-selectors --trail-name ${arn} --region ${region}`,
    );
  }
  const silent = writes ? `${readers.join(', ')} will get no reads` : 'nothing can be reported';
  return failed(CHECK, `${says}: ${silent}`, recordTo(missing));
}

/** Without a trail that logs, EventBridge gets no call at all; without one that logs reads, no read. */
export async function checkTrail(subject: Subject): Promise<readonly Check[]> {
  const wanted = subject.rules.filter(({ state }) => state !== 'DISABLED');
  if (wanted.length === 0) return [ok(CHECK, 'not needed: no rule is enabled')];
  const readers = wanted.filter(({ state }) => state === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
  return look(CHECK, async () => [
    judge(
      await findingsOf(subject),
      readers.map(({ name }) => name),
    ),
  ]);
}
