import type { AdvancedEventSelector, EventSelector, GetEventSelectorsResponse } from '@aws-sdk/client-cloudtrail';
import { CLOUDTRAIL_EVENT_SOURCE } from '../../shared/api-call-event.ts';

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

export const joined = (coverages: readonly Coverage[]): Coverage => ({
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
