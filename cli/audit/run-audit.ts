import { ApiCallEventSchema, CLOUDTRAIL_EVENT_SOURCE, parseTimestampMs } from '../../shared/call/api-call-event.ts';
import { notifiedKey } from '../../shared/delivery/settle.ts';
import { type DeployedRule, isRoutedBy } from '../../shared/eventbridge/rule.ts';
import { shownIdOf } from '../../shared/notification/enrich.ts';
import { withoutSecrets } from '../../shared/notification/secret-shapes.ts';
import type { AwsClients } from '../aws/clients.ts';
import { type DeployedStack, routeToQueue, type StackOutputs } from '../aws/deployed-stack.ts';
import { AwsCallError } from '../aws/failure.ts';
import { type Envelope, faultsText, faultText, type InputItem } from '../input/envelope.ts';
import type { InputFiles } from '../input/list-files.ts';
import { readFileBlocks } from '../input/read-events.ts';
import { type LedgerState, readLedger } from './read-ledger.ts';

/** A call of the log files that a rule would have reported in a channel. */
export interface ExpectedCall {
  /** Of the ledger. */
  readonly key: string;
  readonly eventId: string;
  readonly operation: string;
  readonly calledAtMs: number | undefined;
  readonly rule: DeployedRule;
  readonly event: Envelope;
}

/** Which calls an audit is about. */
export interface AuditScope {
  readonly region: string;
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly rules: readonly DeployedRule[];
}

/** What the log files hold of one event: not a MediaConnect call of this region and time, or to whom it should have been reported. */
export type Expectation =
  | { readonly kind: 'out of scope' }
  | { readonly kind: 'call'; readonly eventId: string; readonly expected: readonly ExpectedCall[] };

const OUT: Expectation = { kind: 'out of scope' };

const isWithin = ({ fromMs, toMs }: AuditScope, ms: number | undefined): boolean =>
  // A call that does not say when it was made is looked for rather than left out.
  ms === undefined || (ms >= fromMs && ms < toMs);

/** Asks the rules, with their states, what should have become of an event. */
function expectationOf(event: Envelope, scope: AuditScope): Expectation {
  const parsed = ApiCallEventSchema.safeParse(event);
  if (!parsed.success) return OUT;
  const { detail, region } = parsed.data;
  const calledAtMs = parseTimestampMs(detail.eventTime);
  if ((detail.awsRegion ?? region) !== scope.region || !isWithin(scope, calledAtMs)) return OUT;

  const eventId = shownIdOf(parsed.data);
  const byChannel = new Map<string, DeployedRule>();
  for (const rule of scope.rules.filter((each) => isRoutedBy(each, event))) {
    if (!byChannel.has(rule.channel)) byChannel.set(rule.channel, rule);
  }
  const expected = [...byChannel].map(([channel, rule]) => ({
    key: notifiedKey(eventId, channel),
    eventId,
    operation: withoutSecrets(detail.eventName),
    calledAtMs,
    rule,
    event,
  }));
  return { kind: 'call', eventId, expected };
}

/** Why a call could not be sent; `undefined` when its queue accepted it. */
export type Notified = { readonly sent: true } | { readonly sent: false; readonly reason: string };

/**
 * Sends a call that was not reported into the queue of its rule, as if EventBridge had taken it only now: its message then
 * says how late it is. Should it be reported in the meantime, the ledger keeps it from being reported twice.
 */
export async function notifyLate(
  clients: AwsClients,
  outputs: StackOutputs,
  { rule, event }: ExpectedCall,
  nowMs: number,
): Promise<Notified> {
  try {
    await routeToQueue(clients, outputs, { rule, event, nowMs });
    return { sent: true };
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return { sent: false, reason: error.message };
  }
}

export interface AuditOptions {
  readonly input: InputFiles;
  /** What the file `-` stands for. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly scope: AuditScope;
  readonly clients: AwsClients;
  readonly stack: DeployedStack;
  readonly stop: AbortSignal;
  readonly onProgress: (done: number, of: number) => void;
}

export interface MissedCall {
  readonly call: ExpectedCall;
  readonly state: LedgerState;
}

/** What the log files and the ledger say together. */
export interface AuditResult {
  /** MediaConnect calls of the region and the time, each once. */
  readonly calls: number;
  /** Times that a rule would have reported one in a channel. */
  readonly expected: number;
  readonly missed: readonly MissedCall[];
  /** Files that could not be read and pieces of files that are no records: what they hold was not audited. */
  readonly unusable: readonly string[];
}

/** Looked up together: as many as DynamoDB takes, ten times. */
const LOOKED_UP_AT_ONCE = 1000;

interface FileFaults {
  first: string | undefined;
  count: number;
}

const SOURCE = Buffer.from(CLOUDTRAIL_EVENT_SOURCE);
/** Other services' records, which are nearly all, say nothing to an audit. */
const passOver = (record: Buffer): boolean => !record.includes(SOURCE);

/** Looks expected calls up in the ledger, each once, however often CloudTrail wrote its record. */
function createLookUp(clients: AwsClients, { outputs }: DeployedStack) {
  const seen = new Set<string>();
  const missed: MissedCall[] = [];
  let open: ExpectedCall[] = [];

  return {
    missed,
    count: () => seen.size,
    add(calls: readonly ExpectedCall[]): void {
      for (const call of calls) {
        if (!seen.has(call.key)) open.push(call);
        seen.add(call.key);
      }
    },
    async flush(atLeast = 1): Promise<void> {
      if (open.length < atLeast) return;
      const keys = open.map(({ key }) => key);
      const states = await readLedger(clients, outputs.LedgerTableName, keys);
      const found = open.map((call) => ({ call, state: states.get(call.key) ?? 'absent' }));
      missed.push(...found.filter(({ state }) => state !== 'notified'));
      open = [];
    },
  };
}

/**
 * Reconciles CloudTrail's log files, which are the complete record of what was called, with the ledger of what was
 * reported.
 *
 * @throws AwsCallError when the ledger cannot be read.
 */
export async function runAudit(options: AuditOptions): Promise<AuditResult> {
  const { input, scope, clients, stack, stdin, stop, onProgress } = options;
  const lookUp = createLookUp(clients, stack);
  const callIds = new Set<string>();
  const unusable: string[] = [];

  const auditEvent = (event: Envelope): void => {
    const expectation = expectationOf(event, scope);
    if (expectation.kind !== 'call') return;
    callIds.add(expectation.eventId);
    lookUp.add(expectation.expected);
  };

  const auditItem = (item: InputItem, file: FileFaults): void => {
    if (item.kind === 'event') auditEvent(item.envelope);
    else if (item.line === undefined) unusable.push(faultText(item));
    else {
      file.first ??= faultText(item);
      file.count += 1;
    }
  };

  const auditFile = async (path: string): Promise<void> => {
    const faults: FileFaults = { first: undefined, count: 0 };
    for await (const items of readFileBlocks(path, { stdin, stop, passOver })) {
      for (const item of items) auditItem(item, faults);
      await lookUp.flush(LOOKED_UP_AT_ONCE);
    }
    if (faults.first !== undefined) unusable.push(faultsText(faults.first, faults.count));
  };

  unusable.push(...input.faults.map(faultText));
  try {
    for (const [index, file] of input.files.entries()) {
      await auditFile(file);
      onProgress(index + 1, input.files.length);
    }
  } catch (error) {
    // What was read until then is said, and that it is not all.
    if (!stop.aborted) throw error;
  }
  await lookUp.flush();
  return { calls: callIds.size, expected: lookUp.count(), missed: lookUp.missed, unusable };
}
