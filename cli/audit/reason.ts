import { NOTIFIED_FOR_SECONDS } from '../../shared/delivery/settle.ts';
import type { AwsClients } from '../aws/clients.ts';
import { countRecords } from '../aws/count-records.ts';
import type { DeployedStack } from '../aws/deployed-stack.ts';
import { ask } from '../aws/failure.ts';
import { deadLetterStores } from '../redrive/dead-letter-store.ts';
import { redriveRecords } from '../redrive/redrive.ts';
import type { LedgerState } from './read-ledger.ts';
import type { ExpectedCall } from './run-audit.ts';

const ALL = { reasons: [], eventIds: [], messageIds: [], max: Number.POSITIVE_INFINITY };

/** Looks at what was given up, and leaves it there. */
async function readDeadLetters(
  clients: AwsClients,
  { outputs }: DeployedStack,
  stop: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  for (const store of deadLetterStores(clients, outputs)) {
    await redriveRecords(store, {
      selection: ALL,
      redriveTarget: () => ({ kind: 'stays', reason: '' }),
      dryRun: true,
      stop,
      onRedriven: ({ letter: { eventId, reason } }) => {
        if (eventId !== undefined) reasons.set(eventId, reason);
      },
    });
  }
  return reasons;
}

/**
 * Asks the deployed stack for what can explain that calls were not reported.
 *
 * @throws AwsCallError
 */
export async function readCircumstances(
  clients: AwsClients,
  stack: DeployedStack,
  { nowMs, stop }: { readonly nowMs: number; readonly stop: AbortSignal },
): Promise<Circumstances> {
  const countWaiting = (url: string): Promise<number> => ask('the queues', () => countRecords(clients, url));
  return {
    nowMs,
    stackCreatedAtMs: stack.createdAtMs,
    deadLetters: await readDeadLetters(clients, stack, stop),
    waiting: {
      immediate: await countWaiting(stack.outputs.ImmediateQueueUrl),
      digest: await countWaiting(stack.outputs.DigestQueueUrl),
    },
  };
}

/** What is known of the deployed stack that can explain why a call was not reported. */
export interface Circumstances {
  readonly nowMs: number;
  readonly stackCreatedAtMs: number | undefined;
  /** Event id → why it was given up. */
  readonly deadLetters: ReadonlyMap<string, string>;
  /** Records in the two queues. */
  readonly waiting: Readonly<Record<'immediate' | 'digest', number>>;
}

/** CloudTrail sends no larger event to EventBridge. */
const MOST_BYTES = 256 * 1024;
/** CloudTrail and EventBridge promise no time, and this is long for them. */
const ON_ITS_WAY_MS = 15 * 60 * 1000;

const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

type Explain = (call: ExpectedCall, circumstances: Circumstances, state: LedgerState) => string | undefined;

/** The surest first. */
const EXPLANATIONS: readonly Explain[] = [
  ({ eventId }, { deadLetters }) => {
    const reason = deadLetters.get(eventId);
    return reason === undefined ? undefined : `in the dead-letter queue: ${reason}`;
  },
  (_call, _circumstances, state) =>
    state === 'claimed' ? 'being reported right now, or a reporting broke off and will be tried again' : undefined,
  ({ calledAtMs }, { nowMs }) =>
    calledAtMs !== undefined && calledAtMs < nowMs - NOTIFIED_FOR_SECONDS * 1000
      ? `not known: the ledger remembers ${NOTIFIED_FOR_SECONDS / 86_400} days`
      : undefined,
  ({ calledAtMs }, { stackCreatedAtMs }) =>
    calledAtMs !== undefined && stackCreatedAtMs !== undefined && calledAtMs < stackCreatedAtMs
      ? `before the stack was made at ${iso(stackCreatedAtMs)}`
      : undefined,
  ({ event }) => {
    const bytes = Buffer.byteLength(JSON.stringify(event));
    return bytes > MOST_BYTES
      ? `its event of ${bytes} bytes is larger than the 256 KB that reach EventBridge`
      : undefined;
  },
  ({ calledAtMs }, { nowMs }) =>
    calledAtMs !== undefined && nowMs - calledAtMs < ON_ITS_WAY_MS ? 'may still be on its way' : undefined,
  ({ rule }, { waiting }) =>
    waiting[rule.delivery] > 0
      ? `may be one of about ${waiting[rule.delivery]} records that wait in the ${rule.delivery} queue`
      : undefined,
];

/** Why a call was not reported, as far as can be known afterwards. */
export function missingReason(call: ExpectedCall, circumstances: Circumstances, state: LedgerState): string {
  for (const explain of EXPLANATIONS) {
    const reason = explain(call, circumstances, state);
    if (reason !== undefined) return reason;
  }
  return 'EventBridge did not deliver it, or its rule was not deployed then';
}
