import * as z from 'zod/mini';
import { EVENT_SOURCE, idOrHash, parseTimestampMs } from '../call/api-call-event.ts';
import { statedFlag } from '../call/classify-call.ts';
import { asList, asObject, asText, boundedText } from '../call/json.ts';
import { type MediaConnectArn, parseMediaConnectArn } from '../call/mediaconnect-arn.ts';
import type { NamedResource } from '../notification/notification.ts';
import { withoutSecrets } from '../notification/secret-shapes.ts';

/** Fields that an event is understood without: they take anything, and keep what they understand. */
const text = z.optional(z.transform((value: unknown) => (typeof value === 'string' ? value : undefined)));
const flag = z.optional(z.transform(statedFlag));
const list = z.optional(z.transform(asList));
const object = z.optional(z.transform(asObject));
const wholeNumber = z.optional(
  z.transform((value: unknown) => (typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined)),
);

/**
 * An event that MediaConnect sends by itself, with or without a call: no trail is needed for it, and nobody promises
 * that it comes, or in which order.
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events.html
 */
const ServiceEventSchema = z.object({
  id: text,
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.string().check(z.startsWith('MediaConnect ')),
  account: text,
  region: text,
  time: text,
  resources: list,
  detail: object,
});

type ServiceEvent = z.infer<typeof ServiceEventSchema>;

/** @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events-flow-state-change.html */
const StatusSchema = z.object({ currentStatus: text, previousStatus: text });

/** Router outputs, and by symmetry router inputs, spell it otherwise. */
const RouterStateSchema = z.object({ currentState: text, previousState: text });

/** Older copies of the user guide have `source_state` where newer ones, and real events, have `state`. */
const ConditionSchema = z.object({ state: text, source_state: text });

/** @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events-source-health.html */
const HealthSchema = z.object({ current: object, previous: object });

/** @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events-alert.html */
const AlertSchema = z.object({ errored: flag, 'error-id': text, 'error-code': text, 'error-message': text });

const RouterMessageSchema = z.object({ active: flag, code: text, message: text });

/** Either ARN may be `null`. */
const RouteSchema = z.object({ change: text, currentRouterInputArn: text, previousRouterInputArn: text });

const FailoverSchema = z.object({ currentSourceIndex: wholeNumber, previousSourceIndex: wholeNumber });

/** The user guide's own sample of this one is no valid JSON. */
const FlowQualitySchema = z.object({ impacted: flag, streams: list });

const InputQualitySchema = z.object({ current: object });

/** What an event says of a thing. */
export type SignalBody =
  /** `status` of a flow, router output or output; `health` of what is received or sent. States as MediaConnect has them. */
  | {
      readonly kind: 'state';
      readonly aspect: 'status' | 'health';
      readonly state: string;
      /** Empty in the first event after a start; `undefined` where it is not said. */
      readonly previous: string | undefined;
    }
  | {
      readonly kind: 'alert';
      /** Equal in the event that clears it. Without an id of MediaConnect's: by code and message. */
      readonly id: string;
      readonly isActive: boolean;
      readonly code: string | undefined;
      /** Untrusted, without the ARNs of secrets and roles. */
      readonly message: string | undefined;
    }
  | { readonly kind: 'maintenance'; readonly state: string }
  | {
      readonly kind: 'route';
      readonly state: string;
      readonly input: NamedResource | undefined;
      readonly previousInput: NamedResource | undefined;
    }
  | { readonly kind: 'failover'; readonly current: number; readonly previous: number | undefined }
  /** What is wrong with the picture or the sound, by MediaConnect's keys; empty: nothing any more. */
  | { readonly kind: 'quality'; readonly problems: readonly string[] }
  /** A detail-type, or a detail, that is newer than this table. */
  | { readonly kind: 'unknown'; readonly detailType: string };

/** A thing that an event is about; its ARN is well formed. */
export interface SignalThing extends NamedResource {
  readonly arn: string;
}

/** One of MediaConnect's own events, as far as it is understood. */
export interface SignalEvent {
  readonly eventId: string;
  /** EventBridge has whole seconds here. Milliseconds since the epoch. */
  readonly atMs: number;
  /** The source, output, flow, router input or router output itself. */
  readonly thing: SignalThing;
  /** The flow of a source or an output; else the thing itself. What is remembered is remembered by its ARN. */
  readonly root: SignalThing;
  readonly body: SignalBody;
}

/** States are upper case in JSON and not in the guide. */
const stateOf = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : boundedText(withoutSecrets(value.trim()).toUpperCase(), 40);

const conditionOf = (condition: unknown): string | undefined => {
  const { state, source_state: sourceState } = ConditionSchema.parse(condition ?? {});
  return stateOf(state || sourceState || (state ?? sourceState));
};

/** The name in an ARN, which is whoever's choice; of what has none its id. */
function nameIn({ name, id }: MediaConnectArn): string | null {
  const said = name ?? id;
  return said === undefined ? null : withoutSecrets(said);
}

function routerInput(arn: string | undefined): NamedResource | undefined {
  const parsed = parseMediaConnectArn(arn);
  if (parsed?.arn === undefined) return undefined;
  return { kind: 'routerInput', name: nameIn(parsed), arn: parsed.arn };
}

type Read = (detail: Readonly<Record<string, unknown>>) => SignalBody | undefined;

const stateBody = (
  aspect: 'status' | 'health',
  state: string | undefined,
  previous: string | undefined,
): SignalBody | undefined =>
  state === undefined || state === '' ? undefined : { kind: 'state', aspect, state, previous };

const status: Read = (detail) => {
  const { currentStatus, previousStatus } = StatusSchema.parse(detail);
  return stateBody('status', stateOf(currentStatus), stateOf(previousStatus));
};

const routerState: Read = (detail) => {
  const { currentState, previousState } = RouterStateSchema.parse(detail);
  return stateBody('status', stateOf(currentState), stateOf(previousState));
};

const health: Read = (detail) => {
  const { current, previous } = HealthSchema.parse(detail);
  return stateBody('health', conditionOf(current), conditionOf(previous));
};

const redacted = (said: string | undefined): string | undefined => {
  const known = asText(said);
  return known === undefined ? undefined : withoutSecrets(known);
};

/** An id, or a hash in place of one that is no id but a secret: two events never have one id. */
const shownId = (id: string): string => idOrHash(withoutSecrets(id) === id ? id : undefined, () => id);

/** Several outputs can have an alert of one code at once, and only the message says of which it is. */
const alertIdOf = (code: string | undefined, message: string | undefined): string =>
  message ? idOrHash(undefined, () => JSON.stringify([code, message])) : shownId(code || 'alert');

const alertBody = (
  isActive: boolean | undefined,
  id: string | undefined,
  code: string | undefined,
  message: string | undefined,
): SignalBody | undefined =>
  isActive === undefined
    ? undefined
    : {
        kind: 'alert',
        id: id ? shownId(id) : alertIdOf(code, message),
        isActive,
        code: redacted(code),
        message: redacted(message),
      };

const alert: Read = (detail) => {
  const { errored, ...said } = AlertSchema.parse(detail);
  return alertBody(errored, said['error-id'], said['error-code'], said['error-message']);
};

const routerMessage: Read = (detail) => {
  const { active, code, message } = RouterMessageSchema.parse(detail);
  return alertBody(active, undefined, code, message);
};

const maintenance: Read = (detail) => {
  const state = stateOf(StatusSchema.parse(detail).currentStatus);
  return state ? { kind: 'maintenance', state } : undefined;
};

const route: Read = (detail) => {
  const { change, currentRouterInputArn, previousRouterInputArn } = RouteSchema.parse(detail);
  const state = stateOf(change);
  if (!state) return undefined;
  const input = routerInput(currentRouterInputArn);
  return { kind: 'route', state, input, previousInput: routerInput(previousRouterInputArn) };
};

const failover: Read = (detail) => {
  const { currentSourceIndex: current, previousSourceIndex: previous } = FailoverSchema.parse(detail);
  return current === undefined ? undefined : { kind: 'failover', current, previous };
};

/** Keys whose value says that something is wrong, each once. */
const keysWith = (objects: readonly unknown[], value: unknown): readonly string[] => [
  ...new Set(
    objects.flatMap((each) =>
      Object.entries(asObject(each) ?? {})
        .filter(([, found]) => found === value)
        .map(([key]) => boundedText(withoutSecrets(key), 60)),
    ),
  ),
];

const flowQuality: Read = (detail) => {
  const { impacted, streams } = FlowQualitySchema.parse(detail);
  if (impacted === undefined && streams === undefined) return undefined;
  const problems = keysWith(streams ?? [], true).slice(0, 10);
  if (impacted === false) return { kind: 'quality', problems: [] };
  return { kind: 'quality', problems: impacted && problems.length === 0 ? ['impacted'] : problems };
};

const inputQuality: Read = (detail) => {
  const { current } = InputQualitySchema.parse(detail);
  if (current === undefined) return undefined;
  return { kind: 'quality', problems: keysWith([current], 'DETECTED').slice(0, 10) };
};

/**
 * Every documented event, by its detail-type, and how its detail is read. Those that end in ` Health` say too much, and
 * are wanted only where something was lost or came back; of the others every one is.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-mediaconnect.html
 */
const DETAILS = {
  'MediaConnect Flow Status Change': status,
  'MediaConnect Output Status Change': status,
  'MediaConnect Alert': alert,
  'MediaConnect Flow Maintenance': maintenance,
  'MediaConnect Flow Content Quality': flowQuality,
  'MediaConnect Router Output State': routerState,
  'MediaConnect Router Input State': routerState,
  'MediaConnect Router Output Route State': route,
  'MediaConnect Router Input Route State': route,
  'MediaConnect Router Input Failover': failover,
  'MediaConnect Router Input Message': routerMessage,
  'MediaConnect Router Output Message': routerMessage,
  'MediaConnect Router Input Content Quality': inputQuality,
  'MediaConnect Flow Health': health,
  'MediaConnect Source Health': health,
  'MediaConnect Output Health': health,
  'MediaConnect Router Input Health': health,
  'MediaConnect Router Output Health': health,
} as const satisfies Readonly<Record<string, Read>>;

const READERS: ReadonlyMap<string, Read> = new Map(Object.entries(DETAILS));

/** What the detail-types of health events end in; a pattern says the same. */
export const HEALTH_SUFFIX = ' Health';

/** The detail-types of which every event is wanted, in the order of the table. */
export const WANTED_DETAIL_TYPES: readonly string[] = Object.keys(DETAILS).filter(
  (detailType) => !detailType.endsWith(HEALTH_SUFFIX),
);

/** States of health in which nothing is received or sent. An empty one is before the first. */
export const SIGNALLESS_STATES = ['DISCONNECTED', 'IDLE'] as const;

const isSignalless = (state: string | undefined): boolean =>
  state === '' || SIGNALLESS_STATES.some((signalless) => signalless === state);

/** Whether the body says anything that an operator could want: an event a second of TR 101 290 errors does not. */
function saysSomething(body: SignalBody): boolean {
  if (body.kind !== 'state' || body.aspect === 'status') return true;
  return body.state !== body.previous && (isSignalless(body.state) || isSignalless(body.previous));
}

const thingOf = (parsed: MediaConnectArn): SignalThing | undefined =>
  parsed.arn === undefined || parsed.kind === undefined
    ? undefined
    : { kind: parsed.kind, name: nameIn(parsed), arn: parsed.arn };

/** The things that an event names; the flow is there beside its source or output. */
function thingsOf(resources: readonly unknown[]): Pick<SignalEvent, 'thing' | 'root'> | undefined {
  const things = resources
    .slice(0, 10)
    .map((resource) => parseMediaConnectArn(resource))
    .map((parsed) => (parsed === undefined ? undefined : thingOf(parsed)))
    .filter((thing) => thing !== undefined);
  const [first] = things;
  if (first === undefined) return undefined;
  const flow = things.find(({ kind }) => kind === 'flow');
  const thing = things.find(({ kind }) => kind !== 'flow') ?? first;
  return { thing, root: flow ?? thing };
}

/**
 * What an event came to: one about a thing, which may still be `unknown`, or why it is dropped. Dropped ones are counted,
 * and nothing else.
 */
export type SignalReading =
  | { readonly kind: 'signal'; readonly event: SignalEvent }
  | {
      readonly kind: 'dropped';
      readonly reason: 'no service event' | 'no resource' | 'no time' | 'nothing new';
    };

const dropped = (reason: Extract<SignalReading, { kind: 'dropped' }>['reason']): SignalReading => ({
  kind: 'dropped',
  reason,
});

/** The body of an event, however new its type is or odd its detail. */
function bodyOf({ 'detail-type': detailType, detail }: ServiceEvent): SignalBody {
  const unknown: SignalBody = { kind: 'unknown', detailType: boundedText(withoutSecrets(detailType), 100) };
  const read = READERS.get(detailType) ?? (detailType.endsWith(HEALTH_SUFFIX) ? health : undefined);
  return read?.(detail ?? {}) ?? unknown;
}

/** EventBridge's id, else a hash of what it says: an event is taken once. */
const idOf = ({ id, time, resources, detail, 'detail-type': detailType }: ServiceEvent): string =>
  id ? shownId(id) : idOrHash(undefined, () => JSON.stringify([detailType, time, resources, detail]));

/** Whether this is one of MediaConnect's own events, and no call: asked of what stands in an envelope of ours. */
export const isServiceEvent = (event: unknown): boolean => ServiceEventSchema.safeParse(event).success;

/** The event that a queued record carries, if it is one of MediaConnect's own; `undefined` for everything else. */
export function serviceEventIn(body: string): unknown {
  try {
    const event = asObject(JSON.parse(body))?.event;
    return isServiceEvent(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

/** Reads one of MediaConnect's own events. Never throws: what is not understood is dropped with a reason. */
export function readSignal(json: unknown): SignalReading {
  const parsed = ServiceEventSchema.safeParse(json);
  if (!parsed.success) return dropped('no service event');
  const things = thingsOf(parsed.data.resources ?? []);
  if (things === undefined) return dropped('no resource');
  const atMs = parseTimestampMs(parsed.data.time);
  if (atMs === undefined) return dropped('no time');
  const body = bodyOf(parsed.data);
  if (!saysSomething(body)) return dropped('nothing new');
  return { kind: 'signal', event: { eventId: idOf(parsed.data), atMs, ...things, body } };
}
