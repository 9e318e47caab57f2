import * as z from 'zod/mini';
import { asObject, plainJson } from '../call/json.ts';
import type { SignalSettings } from '../notification/notification.ts';
import {
  type ArrivingCall,
  ArrivingCallSchema,
  KnownStateSchema,
  SignalThingSchema,
  TouchingCallSchema,
  TroubleSchema,
} from './signal-memory.ts';

const OutcomeCheckSchema = z.readonly(
  z.object({
    kind: z.enum(['silence', 'trouble', 'untouched', 'end', 'card']),
    rootArn: z.string(),
    /** Of the call, or of the trouble. */
    id: z.string(),
    /** What it was asked for: the call's time, the trouble's beginning or its end. */
    sinceMs: z.number(),
    dueAtMs: z.number(),
  }),
);

/** Something to look at again later: a record with a delay on the own queue. */
export type OutcomeCheck = z.infer<typeof OutcomeCheckSchema>;

const key = z.string();
const call = TouchingCallSchema;
const trouble = TroubleSchema;
const state = KnownStateSchema;
const channels = z.readonly(z.array(z.string()));

const SayingSchema = z.readonly(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('state'), key, call, state }),
    z.object({ kind: z.literal('trouble'), key, call, trouble }),
    /** `state`: the last that was said since, on the way. */
    z.object({ kind: z.literal('silence'), key, call, thing: SignalThingSchema, state: z.optional(state) }),
    /** `call`: the last one in the 15 minutes before; `state`: what came after the trouble. */
    z.object({
      kind: z.literal('untouched'),
      key,
      trouble,
      call: z.optional(call),
      isMaintained: z.boolean(),
      state: z.optional(state),
    }),
    /** `channels`: those that had the trouble; none: the one for the signal's health. */
    z.object({ kind: z.literal('correction'), key, trouble, call, channels }),
    z.object({ kind: z.literal('end'), key, trouble, channels, state: z.optional(state) }),
    z.object({ kind: z.literal('news'), key, state }),
  ]),
);

/**
 * One message, said once under its key. With a call it goes to the channels that are notified of the call; without one
 * to the channel for the signal's health.
 */
export type Saying = z.infer<typeof SayingSchema>;

/**
 * What the notifier puts into its own queue beside calls: something to look at again, something to say, or a call whose
 * card is out and that could not be remembered.
 */
export type OwnRecord =
  | { readonly kind: 'late'; readonly late: ArrivingCall }
  | { readonly kind: 'check'; readonly check: OutcomeCheck }
  | { readonly kind: 'saying'; readonly saying: Saying; readonly channel: string };

const CheckRecordSchema = z.object({ check: OutcomeCheckSchema });
const LateRecordSchema = z.object({ late: ArrivingCallSchema });
const SayingRecordSchema = z.object({ saying: SayingSchema, channel: z.string().check(z.minLength(1)) });

function readOwn(json: unknown): OwnRecord | undefined {
  const looked = CheckRecordSchema.safeParse(json);
  if (looked.success) return { kind: 'check', check: looked.data.check };
  const late = LateRecordSchema.safeParse(json);
  if (late.success) return { kind: 'late', late: late.data.late };
  const said = SayingRecordSchema.safeParse(json);
  if (!said.success) return undefined;
  return { kind: 'saying', ...said.data };
}

/** Reads the text of a queued record as one of our own; `undefined` for everything else, also for a malformed one. */
export function ownRecordIn(body: string): OwnRecord | undefined {
  try {
    const json = asObject(JSON.parse(body));
    return (json?.check ?? json?.late ?? json?.saying) === undefined ? undefined : readOwn(json);
  } catch {
    return undefined;
  }
}

/** Whether a queued record asks for a look at what came of a call, and carries nothing to be said. */
export function isLook(body: string): boolean {
  const kind = ownRecordIn(body)?.kind;
  return kind === 'check' || kind === 'late';
}

/** A record for the own queue, and when it is due. */
export interface DueRecord {
  readonly body: string;
  readonly dueAtMs: number;
}

/** The channels that a saying goes to: what came of a call to the call's, what nobody called for to the one for that. */
export function channelsOf(saying: Saying, { outcomes, health }: SignalSettings): readonly string[] {
  const ofCall = outcomes.channel === undefined ? undefined : [outcomes.channel];
  const ofHealth = [health.channel ?? 'default'];
  switch (saying.kind) {
    case 'state':
    case 'trouble':
    case 'silence':
      return ofCall ?? saying.call.channels;
    case 'end':
    case 'correction':
      return saying.channels.length === 0 ? ofHealth : saying.channels;
    default:
      return ofHealth;
  }
}

const bodyOf = (json: unknown): string => plainJson(JSON.stringify(json));

/** What a join leaves to be done, as records: each saying once for each of its channels at once, each look when it is due. */
export const dueRecords = (
  { say, checks }: { readonly say: readonly Saying[]; readonly checks: readonly OutcomeCheck[] },
  settings: SignalSettings,
  nowMs: number,
): readonly DueRecord[] => [
  ...say.flatMap((saying) =>
    channelsOf(saying, settings).map((channel) => ({ body: bodyOf({ saying, channel }), dueAtMs: nowMs })),
  ),
  ...checks.map((check) => ({ body: bodyOf({ check }), dueAtMs: check.dueAtMs })),
];

/** A call whose card is out, to be joined when it is due. */
export const lateRecord = (late: ArrivingCall, dueAtMs: number): DueRecord => ({
  body: bodyOf({ late }),
  dueAtMs,
});
