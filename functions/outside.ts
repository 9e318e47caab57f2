import { randomUUID } from 'node:crypto';
import type { Fetch } from './slack/create-slack-client.ts';
import { httpsFetch } from './slack/https-fetch.ts';

/**
 * Time, chance and the network, as the functions take them. Passed in, so that a test or a simulation can own each of
 * them.
 */
export interface Outside {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** Names whoever claims something; never the same twice. */
  readonly newId: () => string;
  /** Posts to Slack. */
  readonly fetch: Fetch;
  /** Aborts after so long: the patience with Slack. */
  readonly patience: (ms: number) => AbortSignal;
  /** Aborts after so long: the limit on one of AWS's answers. */
  readonly timeLimit: (ms: number) => AbortSignal;
}

/** A limit on an answer keeps no process alive. */
function timeLimit(ms: number): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError'));
  setTimeout(abort, ms).unref();
  return controller.signal;
}

/** The real ones. */
export const createOutside = (): Outside => ({
  now: Date.now,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  newId: randomUUID,
  fetch: httpsFetch,
  patience: (ms) => AbortSignal.timeout(ms),
  timeLimit,
});
