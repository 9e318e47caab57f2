import type { EndedCall } from '../../shared/call-ending.ts';
import type { DeadLetter } from '../../shared/settle.ts';
import type { Queue } from '../queue.ts';
import type { Telemetry } from '../telemetry.ts';
import { inParallel } from './in-parallel.ts';

const AT_ONCE = 10;

/** SQS refuses empty attribute values. */
const orUnknown = (text: string | undefined): string => (text === undefined || text === '' ? 'unknown' : text);

/** What a record that is not a call still says about itself, for whoever looks into the dead-letter queue. */
function hintsIn(body: string): { readonly eventId: string | undefined; readonly rule: string | undefined } {
  const text = (pattern: RegExp): string | undefined => pattern.exec(body)?.[1];
  return {
    eventId: text(/"eventID"\s*:\s*"([^"\\]{1,100})"/),
    rule: text(/"rule"\s*:\s*"([^"\\]{1,100})"/),
  };
}

/** Whose call it was, from the call or, where there is none, from the text of the record. */
export function identify({ notification, records: [record] }: EndedCall): { eventId: string; rule: string } {
  const { eventId, rule } = notification
    ? { eventId: notification.eventId, rule: notification.route.rule }
    : hintsIn(record.body);
  return { eventId: orUnknown(eventId), rule: orUnknown(rule) };
}

const LONGEST_DETAIL = 500;

/**
 * Sends records to the dead-letter queue, each body as it came. Gives back those that it did not take: they must stay
 * in their own queue, because a record may leave one queue only when it is in the other.
 */
export async function sendDeadLetters(
  letters: readonly DeadLetter[],
  { queue, telemetry, nowMs }: { readonly queue: Queue; readonly telemetry: Telemetry; readonly nowMs: number },
): Promise<ReadonlySet<EndedCall>> {
  const refused = new Set<EndedCall>();
  await inParallel(letters, AT_ONCE, async ({ ended, ending }) => {
    try {
      await queue.sendDeadLetter(ended.records[0].body, {
        ...identify(ended),
        reason: ending.reason,
        detail: orUnknown(ending.detail.slice(0, LONGEST_DETAIL)),
        receivedAt: new Date(nowMs).toISOString(),
      });
    } catch (error) {
      refused.add(ended);
      telemetry.error('the dead-letter queue did not take a record', { ...identify(ended), error });
    }
  });
  return refused;
}
