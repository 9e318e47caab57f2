import type { Consumers } from '../../local/pipeline.ts';
import type { AcceptedPost } from '../../local/slack/slack-endpoint.ts';
import type { Random } from './seeded-random.ts';

/** Ends processes in the middle of their work, at moments that depend on how far the run is. */
export interface Killer {
  readonly kills: number;
  /** To be told how far the run is, from 0 to 1. */
  progressed(share: number): void;
  /** To be notified of each message that Slack takes, before it answers. */
  accepted(post: AcceptedPost): void;
  stop(): void;
}

export interface KillerOptions {
  readonly kills: number;
  readonly random: Random;
  readonly kill: Consumers['kill'];
  /** Whether a process reports digests, of which there are few. */
  readonly notifiesDigests: (accessKeyId: string) => boolean;
  /** Runs a task after so many milliseconds. */
  readonly after: (ms: number, task: () => void) => void;
}

/** The last kill comes early enough for what it hit to come back while others are at work. */
const LAST_AT = 0.75;
/** A kill that has found no message to aim at by then is at any moment. */
const AIMED_UNTIL = 0.8;
/** So many aim at the moment after Slack's ok, which a kill at any moment would hardly ever hit. */
const AIMED = 0.25;
/** So many, of all, at that of a digest. */
const AIMED_AT_DIGEST = 0.1;
const AIM_WITHIN_MS = 12;
const ANY_WITHIN_MS = 1_000;
const TRY_AGAIN_MS = 50;

export function createKiller({ kills, random, kill, notifiesDigests, after }: KillerOptions): Killer {
  const moments = Array.from({ length: kills }, () => random() * LAST_AT).toSorted((one, other) => one - other);
  const counts = { planned: 0, done: 0 };
  /** Kills that wait for a message to be taken. */
  const aimed = { digest: 0, batch: 0 };
  let isStopped = false;

  function killOne(accessKeyId?: string): void {
    if (isStopped) return;
    if (kill(accessKeyId) === undefined) after(TRY_AGAIN_MS, () => killOne());
    else counts.done += 1;
  }

  function plan(): void {
    counts.planned += 1;
    const how = random();
    if (how < AIMED_AT_DIGEST) aimed.digest += 1;
    else if (how < AIMED) aimed.batch += 1;
    else after(random() * ANY_WITHIN_MS, killOne);
  }

  return {
    get kills() {
      return counts.done;
    },
    progressed(share) {
      while (share >= (moments[counts.planned] ?? Number.POSITIVE_INFINITY)) plan();
      if (share < AIMED_UNTIL) return;
      for (let left = aimed.digest + aimed.batch; left > 0; left -= 1) killOne();
      Object.assign(aimed, { digest: 0, batch: 0 });
    },
    accepted({ poster }) {
      const at = notifiesDigests(poster) ? 'digest' : 'batch';
      if (aimed[at] === 0) return;
      aimed[at] -= 1;
      const ms = random() * AIM_WITHIN_MS;
      // Half of them before Slack's answer is even sent.
      if (ms < AIM_WITHIN_MS / 2) killOne(poster);
      else after(ms, () => killOne(poster));
    },
    stop() {
      isStopped = true;
    },
  };
}
