import type { Notice } from '../evidence.ts';
import type { Violate } from '../promises.ts';

const SECOND_MS = 1000;
/** From when the ledger gives a slot away to when whoever has it posts; longer where its answers take longer. */
const LEDGER_ANSWER_MS = 100;
const REMEMBERED_MS = 60 * SECOND_MS;

const isLedgerInReach = ({ notes }: Notice): boolean => notes.ledgerFailedMs.length === 0;

/** That a webhook gets one message a second. */
export function createRateCheck(violate: Violate) {
  const recent = new Map<string, readonly Notice[]>();

  function compare(one: Notice, other: Notice): void {
    const apartMs = Math.abs(one.post.sentMs - other.post.sentMs);
    const skewMs = Math.abs(one.post.process.skewMs - other.post.process.skewMs);
    const answerMs = Math.max(LEDGER_ANSWER_MS, one.notes.ledgerTookMs, other.notes.ledgerTookMs);
    if (apartMs >= SECOND_MS - answerMs - skewMs || !isLedgerInReach(one) || !isLedgerInReach(other)) return;
    const who = `${other.notes.invocation.name} and ${one.notes.invocation.name}`;
    violate('one post a second', `${who} posted within ${apartMs} ms`);
  }

  return (notice: Notice): void => {
    const { url } = notice.post;
    const others = (recent.get(url) ?? []).filter(({ post }) => notice.post.sentMs - post.sentMs < REMEMBERED_MS);
    for (const other of others) compare(notice, other);
    recent.set(url, [...others, notice]);
  };
}
