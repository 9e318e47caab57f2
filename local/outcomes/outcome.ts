import type { Classification } from '../../shared/classify-call.ts';

/** How an input event ended on one channel. Members that the event does not give are null. */
export interface Outcome {
  readonly eventId: string;
  readonly operation: string | null;
  readonly resource: string | null;
  readonly access: string | null;
  readonly outcome: string | null;
  readonly rule: string | null;
  readonly channel: string | null;
  readonly result: 'posted' | 'folded' | 'dead-lettered' | 'unmatched';
  readonly reason?: string;
}

/** What an outcome says of the call, whether or not it could be classified. */
export const callFields = (call: Classification | undefined) => ({
  operation: call?.operation ?? null,
  resource: call?.resource ?? null,
  access: call?.access ?? null,
  outcome: call?.outcome ?? null,
});
