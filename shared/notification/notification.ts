import * as z from 'zod/mini';
import type { Route } from '../call/api-call-event.ts';
import type { Classification } from '../call/classify-call.ts';
import { boundedText } from '../call/json.ts';
import type { ResourceKind } from '../call/operations.ts';
import { withoutSecrets } from './secret-shapes.ts';

/** Words of our own. */
export const plain = (text: string): PhrasePart => ({ kind: 'plain', text });

/** Text that came with the event. */
export const named = (text: string): PhrasePart => ({ kind: 'name', text: boundedText(text) });

function append(parts: PhrasePart[], part: PhrasePart): void {
  if (part.text === '') return;
  const last = parts.at(-1);
  if (part.kind === 'plain' && last?.kind === 'plain') parts[parts.length - 1] = plain(last.text + part.text);
  else parts.push(part);
}

/** One phrase of several pieces; our own words that meet become one part. */
export function phrase(...pieces: readonly (string | PhrasePart | Phrase)[]): Phrase {
  const parts: PhrasePart[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'string') append(parts, plain(piece));
    else if ('kind' in piece) append(parts, piece);
    else for (const part of piece) append(parts, part);
  }
  return parts;
}

/** "a, b, c" */
export function withCommas(items: readonly Phrase[]): Phrase {
  const parts: PhrasePart[] = [];
  for (const item of items) {
    if (parts.length > 0) append(parts, plain(', '));
    for (const part of item) append(parts, part);
  }
  return parts;
}

/** "a, b and c", of which at most `max` are said and the rest is counted: "a, b and 3 more". */
export function enumeration(items: readonly Phrase[], max: number): Phrase {
  const rest = items.length - max;
  if (rest > 0) return phrase(withCommas(items.slice(0, max)), ` and ${rest} more`);
  const last = items.length > 1 ? items.at(-1) : undefined;
  return last === undefined ? withCommas(items) : phrase(withCommas(items.slice(0, -1)), ' and ', last);
}

/** What a phrase says, for a log, a search or a test. */
export const phraseText = (parts: Phrase): string => parts.map(({ text }) => text).join('');

/** A mention in a channel for one cause: when it was made last, and how many calls have asked for it in vain since. */
export interface MadeMention {
  readonly madeAtMs: number;
  readonly heldBack: number;
}

/** A call that a channel was notified of: when it was made, and its operation. */
export interface NotifiedCall {
  readonly calledAtMs: number;
  readonly operation: string;
}

/**
 * One piece of a sentence: `plain` is text of our own, `name` is text that came with the event and
 * that is never trusted, only shown.
 */
export type PhrasePart = { readonly kind: 'plain' | 'name'; readonly text: string };
export type Phrase = readonly PhrasePart[];

/** Who called, from CloudTrail's `userIdentity`. */
export interface Principal {
  /** `userIdentity.type` word for word; `null` where the record has none (service events). */
  readonly kind: string | null;
  /**
   * The human or the service, as an operator would call it; the role of a session whose name a program made up; `null`
   * if the record names nobody. Untrusted.
   */
  readonly name: string | null;
  /**
   * Who called, as a sentence says it: a name that the caller chose never stands alone, e.g. "«jane» as role
   * «Operators»".
   */
  readonly said: Phrase;
  /** Role of an assumed role, permission set of IAM Identity Center, broker of a federated user… */
  readonly via:
    | { readonly kind: 'role' | 'permission set' | 'broker' | 'identity provider'; readonly name: string }
    | undefined;
  /**
   * First, without a label, the three questions of the user guide in one sentence: root or IAM user? temporary
   * credentials? another AWS service? Then what else is known.
   */
  readonly facts: readonly PrincipalFact[];
  /** The account the principal belongs to, where it is known. */
  readonly accountId: string | undefined;
  /** Equal for the calls that one person makes in one session: the role with its session, not the raw ARN. */
  readonly key: string;
  /** Root and principals of other accounts are said loudly. */
  readonly sensitive: boolean;
}

/** What one fact is about (empty where its words say it), and its words, e.g. `{ label: 'Session', value: [name 'botocore-session-1'] }`. */
export interface PrincipalFact {
  readonly label: string;
  readonly value: Phrase;
}

/** By what means the call was made. `other` carries the user agent's own text, untrusted. */
export type OriginKind =
  | 'console'
  | 'cli'
  | 'sdk'
  | 'terraform'
  | 'pulumi'
  | 'cdk'
  | 'cloudformation'
  | 'service'
  | 'aws internal'
  | 'other'
  | 'unknown';

export interface Origin {
  readonly kind: OriginKind;
  /** E.g. `AWS CLI (mediaconnect start-flow)`, `Terraform 1.9`, `medialive.amazonaws.com`, `unknown`. Its `name` parts are untrusted. */
  readonly label: Phrase;
}

/** A resource that the call names. */
export interface NamedResource {
  readonly kind: ResourceKind;
  /** Decoded name, or `null` if the record gives none (router ARNs hold ids only). */
  readonly name: string | null;
  /** Where the record gives none: the admin's name for it, else the one that an earlier record gave. */
  readonly label?: string;
  /** Decoded ARN when one was given and is well formed. */
  readonly arn: string | undefined;
}

/** One line of the details that an operator may see: chosen by allow-list, value untrusted unless plain. */
export interface Detail {
  readonly label: string;
  readonly value: Phrase;
}

/** What was said of a call before it was corrected. Names are untrusted. */
export interface Before {
  readonly who: Phrase;
  readonly effect: Phrase;
  readonly what: Phrase;
  readonly how: Phrase;
  /** Empty where the record had none. */
  readonly from: Phrase;
  readonly calledAtMs: number | undefined;
}

/** What went wrong after a call. */
export interface TroubleAfterCall {
  /** "⚠️ flow «CupFinal-Main» is in ERROR, 8 s after the call". */
  readonly words: Phrase;
  /** The same among other calls: "⚠️ flow «CupFinal-Main» is in ERROR, 8 s after «jane» started it". */
  readonly amongOthers: Phrase;
  readonly atMs: number;
  /** How the whole flow or router output stands by it, while it lasts, or where it fell back: "in ERROR", "standby". */
  readonly stands?: Phrase | undefined;
}

/** What MediaConnect itself says came of a call, as far as that is known when the call is reported. */
export interface CallOutcome {
  /** "now ", "active", ", source connected", ", 3 s after the call"; and when MediaConnect said it. */
  readonly state:
    | {
        readonly before: string;
        readonly words: Phrase;
        readonly more?: string;
        readonly after: string;
        readonly atMs: number;
        /** It is another one than the call asked for. */
        readonly isOtherwise?: boolean;
        /** How the whole flow or router output stands by it: "active", "on input «camera-2»". */
        readonly stands?: Phrase | undefined;
      }
    | undefined;
  readonly troubles: readonly TroubleAfterCall[];
  /** Under which the troubles would be said in lines of their own, had the card not said them. */
  readonly keys?: readonly string[];
}

/** What an operator should be notified about one call. Holds nothing of Slack, and nothing that was not allowed through. */
export interface Notification {
  /** CloudTrail's `eventID`, else the envelope's id, else a digest of the two most distinctive fields. Key of "reported once". */
  readonly eventId: string;
  readonly route: Route;
  readonly call: Classification;
  readonly principal: Principal;
  readonly origin: Origin;
  /** IP address, service DNS name or `AWS Internal`, as the record has it; untrusted. */
  readonly sourceAddress: string | undefined;
  /** `eventTime` in milliseconds since the epoch; `undefined` if the record has none that can be read. */
  readonly calledAtMs: number | undefined;
  /**
   * Set when the channel is notified more than two minutes after the call, whatever it waited for; before it is reported, as
   * long as it took to EventBridge.
   */
  readonly lateByMs: number | undefined;
  /** A call that came after this one on the same thing and was reported before it: how things stand is not what this says. */
  readonly newerCall?: NotifiedCall | undefined;
  readonly outcome?: CallOutcome | undefined;
  readonly account: { readonly id: string; readonly name: string | undefined } | undefined;
  readonly region: string | undefined;
  /** What the call acted on; first the main one. */
  readonly resources: readonly NamedResource[];
  /** Name of what the operation is about (an output for `RemoveFlowOutput`), several joined by `, `; `null` if not given. */
  readonly resourceName: string | null;
  /** Name of the flow that it belongs to; `null` if there is none or it is not given. */
  readonly flowName: string | null;
  /** The root resource (flow, bridge, router output…): calls with one key belong together in a fold. */
  readonly subject: { readonly key: string; readonly label: Phrase };
  /** What comes first: "Off air", "Denied", "Failed, not found". */
  readonly effect: Phrase;
  /** What was done, without who did it: "flow «AwardsShow» stopped"; of a call that did not work "stop flow «AwardsShow»". */
  readonly sentence: Phrase;
  /** What stands between the sentence and the principal. */
  readonly by: ' by ' | ', by ';
  readonly details: readonly Detail[];
  readonly error: { readonly code: string; readonly message: string | undefined } | undefined;
  /** Remarks of our own: parameters omitted for size, an operation new to us, `readOnly` contradicts the table… */
  readonly notes: readonly Phrase[];
  /** Set for an addendum (`UPDATED_DATA`): which earlier event it corrects, and which fields. */
  readonly correction:
    | {
        readonly reason: string;
        readonly originalEventId: string | undefined;
        readonly updatedFields: readonly string[];
        /** Where the channel was notified of the earlier event, and it is remembered. */
        readonly before?: Before | undefined;
      }
    | undefined;
  /** Built from validated parts only; no link rather than a wrong one. */
  readonly links: {
    readonly resource: string | undefined;
    readonly event: string | undefined;
    /** The event that a correction corrects. */
    readonly original?: string | undefined;
  };
}

/** What is said of a call, in the parts that a correction can change. */
export const sayingOf = (notification: Notification): Before => {
  const { principal, effect, sentence, origin, sourceAddress, calledAtMs } = notification;
  return {
    who: principal.said,
    effect,
    what: sentence,
    how: origin.label,
    from: sourceAddress === undefined ? [] : [named(sourceAddress)],
    calledAtMs,
  };
};

/** The call as one that sets up what is not on air yet. */
export const asSetUp = (notification: Notification): Notification => ({
  ...notification,
  call: { ...notification.call, impact: 'change' },
  effect: phrase('Set up'),
});

const byTime = (one: Notification, other: Notification): number => {
  if (one.calledAtMs === other.calledAtMs) return 0;
  return (one.calledAtMs ?? Number.POSITIVE_INFINITY) < (other.calledAtMs ?? Number.POSITIVE_INFINITY) ? -1 : 1;
};

/** The earliest call first; calls of unknown time last, in the order in which they came. */
export const inOrderOfTime = (notifications: readonly Notification[]): readonly Notification[] =>
  notifications.toSorted(byTime);

/** Kinds whose ARNs hold an id and no name. */
const ONLY_ID = /:router(?:Input|Output|NetworkInterface):([\w-]+)$/;

/** The id of what has no name in its ARN. */
const idIn = (arn: string | undefined): string | undefined => (arn === undefined ? undefined : ONLY_ID.exec(arn)?.[1]);

/** A resource that is known by its id only, so far. */
export interface Nameless {
  readonly arn: string;
  readonly id: string;
}

/** What an ARN has only an id of. */
export function namelessAt(arn: string | undefined): Nameless | undefined {
  const id = idIn(arn);
  return arn === undefined || id === undefined ? undefined : { arn, id };
}

const namelessOf = ({ name, label, arn }: NamedResource): Nameless | undefined =>
  name !== null || label !== undefined ? undefined : namelessAt(arn);

/** The name of what has only an id, if somebody gave it one that is known. */
export type NameOf = (nameless: Nameless) => string | undefined;

/** What a call acts on that has only an id. */
export const namelessIn = ({ resources }: Notification): readonly Nameless[] =>
  resources.map(namelessOf).filter((one) => one !== undefined);

const isDone = ({ call }: Notification): boolean => call.outcome === 'succeeded' && !call.isDoubtful;

/**
 * The names that a call gives to what has only an id, by ARN: MediaConnect's own words, as it created, changed or
 * switched something. A call that was refused gives none, since whoever makes it writes what he likes.
 */
export function namesGivenBy(notification: Notification): readonly { readonly arn: string; readonly name: string }[] {
  if (!isDone(notification)) return [];
  return notification.resources.flatMap(({ name, arn }) =>
    name !== null && arn !== undefined && idIn(arn) !== undefined ? [{ arn, name: withoutSecrets(name) }] : [],
  );
}

/** "«cdn-north» («8Kd02»)": the name with the id. */
const withId = (name: string, part: PhrasePart): Phrase => phrase(named(name), ' (', part, ')');

/** The same phrase with names, by id, beside the ids in it. */
export function renamed(parts: Phrase, names: ReadonlyMap<string, string>): Phrase {
  const isSaid = ({ kind, text }: PhrasePart): boolean => kind === 'name' && names.has(text);
  if (!parts.some(isSaid)) return parts;
  return phrase(...parts.map((part) => (isSaid(part) ? withId(names.get(part.text) ?? '', part) : part)));
}

/**
 * The same call with names for what has only ids, beside these. They are shown as untrusted as any name in the record.
 */
export function withNames(notification: Notification, nameOf: NameOf): Notification {
  const names = new Map<string, string>();
  const resources = notification.resources.map((resource) => {
    const nameless = namelessOf(resource);
    const label = nameless && nameOf(nameless);
    if (nameless === undefined || label === undefined) return resource;
    names.set(nameless.id, label);
    return { ...resource, label };
  });
  if (names.size === 0) return notification;
  const { subject, sentence, details, resourceName } = notification;
  return {
    ...notification,
    resources,
    resourceName: resourceName ?? resources.find(({ label }) => label !== undefined)?.label ?? null,
    subject: { ...subject, label: renamed(subject.label, names) },
    sentence: renamed(sentence, names),
    details: details.map((detail) => ({ ...detail, value: renamed(detail.value, names) })),
  };
}

/** Principals whose ids AWS or an identity provider sets. What a caller chooses must not make him somebody with a name. */
const KINDS_WITH_IDS: ReadonlySet<string | null> = new Set(['IdentityCenterUser', 'WebIdentityUser', 'AWSAccount']);
const ON_BEHALF = 'On behalf of Identity Center user';

/** The same principal with the admin's name for an id, beside it. */
export function namedPrincipal(
  principal: Notification['principal'],
  names: ReadonlyMap<string, string>,
): Notification['principal'] {
  const facts = principal.facts.map((fact) =>
    fact.label === ON_BEHALF ? { ...fact, value: renamed(fact.value, names) } : fact,
  );
  if (!KINDS_WITH_IDS.has(principal.kind)) return { ...principal, facts };
  const name = principal.name === null ? undefined : names.get(principal.name);
  return { ...principal, facts, name: name ?? principal.name, said: renamed(principal.said, names) };
}

type AccountNames = Readonly<Record<string, string>>;

/** The settings as maps, since an object takes several times as long to look up text that is fresh from a record. */
const MAPS = new WeakMap<AccountNames, ReadonlyMap<string, string>>();

function mapOf(accountNames: AccountNames): ReadonlyMap<string, string> {
  const known = MAPS.get(accountNames);
  if (known !== undefined) return known;
  const map = new Map(Object.entries(accountNames));
  MAPS.set(accountNames, map);
  return map;
}

/** The name that the admin gave to an account; the id need not be one. */
export const accountNameOf = (id: string, accountNames: AccountNames): string | undefined =>
  mapOf(accountNames).get(id);

/** "Partner TV (444455556666)", or the id alone. */
export function describeAccount(id: string, accountNames: AccountNames): Phrase {
  const name = accountNameOf(id, accountNames);
  return name === undefined ? [named(id)] : phrase(named(name), ' (', named(id), ')');
}

/** Whom a message calls: everybody here, the whole channel, or a Slack user group by its id. */
export type Mention = 'here' | 'channel' | `@${string}`;

/**
 * What a channel can want somebody called for. `on-air` is what was there before the three effects were told apart, and
 * calls for what goes off air.
 */
export type MentionKey = 'off-air' | 'signal-changed' | 'put-on-air' | 'on-air' | 'denied';

/** What belongs to a channel rather than to a rule. */
export interface ChannelSettings {
  readonly mention?: { readonly [Key in MentionKey]?: Mention | undefined } | undefined;
}

/** How much is said: nothing, what goes otherwise than wanted, or all; and where, if not where it belongs. */
interface SayLevel {
  readonly say: 'off' | 'trouble' | 'all';
  readonly channel?: string | undefined;
}

/** How much is said of what MediaConnect says by itself. */
export interface SignalSettings {
  /** Of what calls came to; where the call is reported, if no channel is set. */
  readonly outcomes: SayLevel;
  /** Of what nobody called for; in the default channel, if none is set. */
  readonly health: SayLevel;
}

/** What the admin's context says about how messages look. Travels to the functions as JSON in `DISPLAY_SETTINGS`. */
export interface DisplaySettings {
  /** Account id → name. */
  readonly accountNames: Readonly<Record<string, string>>;
  /** Id or ARN → name, for what has only ids: router inputs, outputs and network interfaces, people, accounts. */
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly channels: Readonly<Record<string, ChannelSettings>>;
  /** Parameter paths shown beside those that are always allowed, e.g. `outputs[].cidrAllowList`. */
  readonly showParameters: readonly string[];
  /** How much is said of what MediaConnect says by itself; left out: nothing, and nothing is remembered for it. */
  readonly signals?: SignalSettings | undefined;
}

interface Names {
  readonly settings: DisplaySettings;
  readonly byId: ReadonlyMap<string, string>;
}

const NAMES = new WeakMap<DisplaySettings, Names>();

/**
 * The settings with the names of accounts that stand among the other names, and all names by id; `undefined` where the
 * admin gives none.
 */
export function namesIn(settings: DisplaySettings): Names | undefined {
  if (settings.names === undefined) return undefined;
  const known = NAMES.get(settings);
  if (known !== undefined) return known;
  const accountNames = { ...settings.names, ...settings.accountNames };
  const names = { settings: { ...settings, accountNames }, byId: new Map(Object.entries(accountNames)) };
  NAMES.set(settings, names);
  return names;
}

/** The admin's name for what has only an id. */
export const givenNameOf =
  (settings: DisplaySettings): NameOf =>
  ({ arn, id }) => {
    const byId = namesIn(settings)?.byId;
    return byId?.get(arn) ?? byId?.get(id);
  };

const MentionSchema = z.optional(
  z.union([z.literal('here'), z.literal('channel'), z.templateLiteral(['@', z.string()])]),
);

const SignalSchema = z.object({ say: z.enum(['off', 'trouble', 'all']), channel: z.optional(z.string()) });

export const DisplaySettingsSchema = z.object({
  accountNames: z.record(z.string(), z.string()),
  names: z.optional(z.record(z.string(), z.string())),
  channels: z.record(
    z.string(),
    z.object({
      mention: z.optional(
        z.object({
          'off-air': MentionSchema,
          'signal-changed': MentionSchema,
          'put-on-air': MentionSchema,
          'on-air': MentionSchema,
          denied: MentionSchema,
        }),
      ),
    }),
  ),
  showParameters: z.array(z.string()),
  signals: z.optional(z.object({ outcomes: SignalSchema, health: SignalSchema })),
});
