import type { Envelope } from '../input/input-item.ts';
import type { CallNames } from './call-names.ts';
import type { CallGroup, DroppedCall, FileScan, NameCount, ScanRequest } from './file-scan.ts';
import type { MatchRules } from './match-rules.ts';

type Json = Readonly<Record<string, unknown>>;
type Counts = Pick<FileScan, 'groups' | 'principals' | 'operations' | 'flows' | 'dropped' | 'droppedCalls'>;

/** Dropped calls that are listed; the others are counted. */
export const MOST_DROPPED_CALLS = 1000;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function count(names: Map<string, [number, number]>, name: string, told: number): void {
  const before = names.get(name);
  if (before === undefined) names.set(name, [1, told]);
  else {
    before[0] += 1;
    before[1] += told;
  }
}

const nameCounts = (names: ReadonlyMap<string, readonly [number, number]>): readonly NameCount[] =>
  [...names].map(([name, [calls, told]]) => [name, calls, told]);

/** Counts the calls of one file, asking the rules of each. */
export function createScanCounts({ ruleSets }: ScanRequest, matchRules: MatchRules, names: CallNames) {
  const groups = new Map<string, { -readonly [Key in keyof CallGroup]: CallGroup[Key] }>();
  const principals = new Map<string, [number, number]>();
  const operations = new Map<string, [number, number]>();
  const flows = new Map<string, [number, number]>();
  const droppedCalls: DroppedCall[] = [];
  let dropped = 0;

  const drop = (record: Json, operation: string, principal: string, indices: readonly number[]): void => {
    dropped += 1;
    if (droppedCalls.length >= MOST_DROPPED_CALLS) return;
    droppedCalls.push({
      time: textOf(record.eventTime),
      eventId: textOf(record.eventID),
      operation,
      principal,
      flow: names.flowOf(record),
      rules: indices.map((index) => ruleSets[0]?.[index]?.name ?? ''),
    });
  };

  const group = (envelope: Envelope, second: number | undefined, matching: CallGroup['matching']): void => {
    const region = textOf(envelope.region);
    const key = `${second}|${region}|${matching.map((indices) => indices.join()).join('|')}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { second, region, matching, calls: 1 });
    else known.calls += 1;
  };

  return {
    add: (envelope: Envelope, record: Json, timeMs: number | undefined): void => {
      const operation = textOf(record.eventName);
      const matching = matchRules(envelope);
      const told = matching.at(-1)?.length === 0 ? 0 : 1;
      const principal = names.principalOf(record);
      const flow = names.flowOf(record);
      group(envelope, timeMs === undefined ? undefined : Math.floor(timeMs / 1000), matching);
      count(principals, principal, told);
      count(operations, operation, told);
      if (flow !== null) count(flows, flow, told);
      const [first = []] = matching;
      if (first.length > 0 && told === 0) drop(record, operation, principal, first);
    },
    counts: (): Counts => ({
      groups: [...groups.values()],
      principals: nameCounts(principals),
      operations: nameCounts(operations),
      flows: nameCounts(flows),
      dropped,
      droppedCalls,
    }),
  };
}
