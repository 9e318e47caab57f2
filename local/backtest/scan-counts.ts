import { CloudTrailRecordSchema } from '../../shared/api-call-event.ts';
import { classifyCall } from '../../shared/classify-call.ts';
import type { Envelope } from '../input/input-item.ts';
import { createCallNames } from './call-names.ts';
import { createCallSeconds } from './call-seconds.ts';
import { createFirstDropped } from './first-listed.ts';
import { createMatchRules } from './match-rules.ts';
import { createRanking, MOST_NAMES } from './ranking.ts';
import type { ScanPart, ScanRequest, SecondsPage } from './scan-part.ts';

type Json = Readonly<Record<string, unknown>>;
type Counts = Pick<ScanPart, 'principals' | 'operations' | 'flows' | 'dropped' | 'droppedCalls'>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Counts calls, asking the rules of each. One for all files of a thread: what is learned of names and rules is kept. */
export function createScanCounts({ ruleSets, regions }: ScanRequest, onPages: (pages: readonly SecondsPage[]) => void) {
  const matchRules = createMatchRules(ruleSets, regions);
  const names = createCallNames();
  const seconds = createCallSeconds(onPages);
  const principals = createRanking();
  const operations = createRanking();
  const flows = createRanking();
  const droppedCalls = createFirstDropped();
  let dropped = 0;

  const drop = (record: Json, indices: readonly number[]): void => {
    dropped += 1;
    droppedCalls.add({
      time: textOf(record.eventTime),
      eventId: textOf(record.eventID),
      operation: textOf(record.eventName),
      impact: classifyCall(CloudTrailRecordSchema.parse(record)).impact,
      principal: names.principalOf(record),
      flow: names.flowOf(record),
      rules: indices.map((index) => ruleSets[0]?.[index]?.name ?? ''),
    });
  };

  return {
    add: (envelope: Envelope, record: Json, timeMs: number | undefined): void => {
      const matching = matchRules(envelope);
      const told = matching[matching.length - 1]?.length === 0 ? 0 : 1;
      const flow = names.flowOf(record);
      seconds.add(textOf(envelope.region), matching, timeMs === undefined ? undefined : Math.floor(timeMs / 1000));
      principals.add(names.principalOf(record), 1, told);
      operations.add(textOf(record.eventName), 1, told);
      if (flow !== null) flows.add(flow, 1, told);
      if (told === 0 && matching[0] !== undefined && matching[0].length > 0) drop(record, matching[0]);
    },
    counts: (): Counts => {
      seconds.flush();
      return {
        principals: principals.top(MOST_NAMES),
        operations: operations.top(MOST_NAMES),
        flows: flows.top(MOST_NAMES),
        dropped,
        droppedCalls: droppedCalls.items(),
      };
    },
  };
}
