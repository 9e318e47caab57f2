import type { FailedCall, Input } from './aws-client.ts';
import type { Setback } from './checks/setbacks.ts';
import type { Ticket } from './evidence.ts';
import type { Process } from './process.ts';
import type { QueueMessage } from './queues.ts';

/** A process does not ask queues, or for a secret, that did not answer for so long. */
const LEFT_ALONE_MS = 3000;
const TABLE_LEFT_ALONE_MS = 10_000;
/** What waits for a secret waits so long, */
const WITHOUT_SECRET_MS = 15_000;
/** and so long a claim keeps others away that nobody gives back. */
const CLAIMED_MS = 60_000;

const isSilence = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');

export interface MishapsOptions {
  readonly nowMs: () => number;
  /** The call of a record, by its text. */
  readonly ticketOf: (body: string) => Ticket | undefined;
  /** The call that a key of the ledger claims. */
  readonly ticketClaimed: (key: string) => Ticket | undefined;
  /** What the invocation of a process was given, and what it received itself. */
  readonly handsOf: (process: Process) => Iterable<Ticket>;
}

/**
 * Keeps account of calls that come late because somebody died who had them in hand, could not say what should become
 * of their records, could not give a claim back or did not hear of it, or had no webhook to post to.
 */
export function createMishaps({ nowMs, ticketOf, ticketClaimed, handsOf }: MishapsOptions) {
  const silentMs = new WeakMap<Process, number>();
  const tableSilentMs = new WeakMap<Process, number>();
  const withoutSecretMs = new WeakMap<Process, number>();
  /** The last good one serves while none can be read. */
  const withSecret = new WeakSet<Process>();
  const notHidden = new WeakMap<QueueMessage, Setback>();

  /** Until the queue gives the last of the records back. */
  const untilBack = (messages: Iterable<QueueMessage>): Setback => ({
    fromMs: nowMs(),
    untilMs: Math.max(nowMs(), ...Array.from(messages, ({ visibleAtMs }) => visibleAtMs)),
    kind: 'kill',
  });
  const delay = (ticket: Ticket | undefined, messages: Iterable<QueueMessage>): void => {
    ticket?.setbacks.push(untilBack(messages));
  };
  const delayHands = (process: Process): void => {
    for (const ticket of handsOf(process)) delay(ticket, ticket.records);
  };

  /**
   * What cannot be hidden for a while comes back late, unless another try succeeds before that. One that succeeds when
   * it has come back is another hand's, and makes good nothing.
   */
  function hidden(message: QueueMessage, isHidden: boolean): void {
    const { setbacks = [] } = ticketOf(message.body) ?? {};
    const known = notHidden.get(message);
    if (known !== undefined && nowMs() < known.untilMs) setbacks.splice(setbacks.indexOf(known), 1);
    notHidden.delete(message);
    if (isHidden) return;
    const setback = untilBack([message]);
    notHidden.set(message, setback);
    setbacks.push(setback);
  }

  function noneHidden(process: Process, input: Input): void {
    const entries = input.Entries as readonly { readonly ReceiptHandle?: string }[];
    const handles = new Set(entries.map(({ ReceiptHandle }) => ReceiptHandle));
    for (const { records } of handsOf(process)) {
      for (const record of records) if (handles.has(record.receiptHandle)) hidden(record, false);
    }
  }

  function failQueues(process: Process, { operation, input, error }: FailedCall): void {
    if (isSilence(error)) {
      // More is not even tried, for a while.
      silentMs.set(process, nowMs());
      delayHands(process);
      return;
    }
    if (operation === 'ChangeMessageVisibilityBatch') noneHidden(process, input);
    if (operation !== 'SendMessage') return;
    const ticket = ticketOf(String(input.MessageBody));
    delay(ticket, ticket?.records ?? []);
  }

  function trouble(ticket: Ticket | undefined, ms: number): void {
    ticket?.setbacks.push({ fromMs: nowMs(), untilMs: nowMs() + ms, kind: 'trouble' });
  }

  function failSecret(process: Process): void {
    if (withSecret.has(process)) return;
    withoutSecretMs.set(process, nowMs());
    for (const ticket of handsOf(process)) trouble(ticket, WITHOUT_SECRET_MS);
  }

  function failTable(process: Process, { operation, input, error }: FailedCall): void {
    if (isSilence(error)) {
      tableSilentMs.set(process, nowMs());
      for (const ticket of handsOf(process)) trouble(ticket, CLAIMED_MS);
      return;
    }
    const { pk } = ((operation === 'PutItem' ? input.Item : input.Key) ?? {}) as {
      readonly pk?: { readonly S: string };
    };
    if (pk !== undefined) trouble(ticketClaimed(pk.S), CLAIMED_MS);
  }

  /** A claim that stands after it was given back, or after its owner has gone. */
  function cameLate(_: Process, { service, operation, input }: Omit<FailedCall, 'error'>): void {
    if (service !== 'table' || operation !== 'PutItem') return;
    const { pk } = input.Item as { readonly pk: { readonly S: string } };
    trouble(ticketClaimed(pk.S), CLAIMED_MS);
  }

  const isSoonAfter = (times: WeakMap<Process, number>, process: Process, ms: number): boolean =>
    nowMs() - (times.get(process) ?? Number.NEGATIVE_INFINITY) < ms;

  return {
    hidden,
    hasSecret: (process: Process) => withSecret.add(process),

    /** Records were handed out, and whoever asked did not hear of it. */
    unheard(messages: readonly QueueMessage[]): void {
      for (const message of messages) delay(ticketOf(message.body), [message]);
    },

    handed(process: Process, ticket: Ticket): void {
      if (isSoonAfter(silentMs, process, LEFT_ALONE_MS)) delay(ticket, ticket.records);
      if (isSoonAfter(tableSilentMs, process, TABLE_LEFT_ALONE_MS)) trouble(ticket, CLAIMED_MS);
      if (isSoonAfter(withoutSecretMs, process, LEFT_ALONE_MS) && !withSecret.has(process)) {
        trouble(ticket, WITHOUT_SECRET_MS);
      }
    },

    /** A call failed for good. */
    failed(process: Process, call: FailedCall): void {
      if (call.service === 'queues') failQueues(process, call);
      if (call.service === 'secret') failSecret(process);
      if (call.service === 'table') failTable(process, call);
    },

    cameLate,
    died: delayHands,
  };
}
