import { asText, type JsonObject, member } from './json-member.ts';
import type { Impact, OperationName } from './operations.ts';

/** What the parameters of a call say of its effect; `undefined`: what the table says first. */
type ByParameters = (request: JsonObject) => Impact | undefined;

const SWITCHES: ReadonlyMap<unknown, Impact> = new Map([
  ['DISABLED', 'off-air'],
  ['ENABLED', 'put-on-air'],
]);

const hasMember = (request: JsonObject, key: string): boolean => member(request, key) !== undefined;

/** Members that name the resource, and the text that describes it: a call that sets nothing else changes no signal. */
const HARMLESS: ReadonlySet<string> = new Set([
  'flowarn',
  'sourcearn',
  'outputarn',
  'arn',
  'name',
  'description',
  'maintenanceconfiguration',
]);

const setsOnlyWords: ByParameters = (request) => {
  const keys = Object.keys(request).filter((key) => request[key] !== null);
  const isHarmless = keys.every((key) => HARMLESS.has(key.toLowerCase()));
  return isHarmless && keys.some((key) => !/arn$/i.test(key)) ? 'change' : undefined;
};

const setsFailover: ByParameters = (request) =>
  hasMember(request, 'sourceFailoverConfig') ? 'signal-changed' : undefined;

/**
 * MediaConnect removes the outputs of subscribers that are left out of the list. The record does not say who was in it
 * before, so that a call that sets the list is taken for one that leaves somebody out.
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/api/API_UpdateFlowEntitlement.html
 */
const switchesEntitlement: ByParameters = (request) =>
  SWITCHES.get(member(request, 'entitlementStatus')) ?? (hasMember(request, 'subscribers') ? 'off-air' : undefined);

const BY_PARAMETERS: Partial<Readonly<Record<OperationName, ByParameters>>> = {
  TakeRouterInput: (request) => (asText(member(request, 'routerInputArn')) === undefined ? 'off-air' : undefined),
  UpdateBridge: setsFailover,
  UpdateBridgeState: (request) => (member(request, 'desiredState') === 'ACTIVE' ? 'put-on-air' : undefined),
  UpdateFlow: setsFailover,
  UpdateFlowEntitlement: switchesEntitlement,
  UpdateFlowOutput: (request) => SWITCHES.get(member(request, 'outputStatus')) ?? setsOnlyWords(request),
  UpdateFlowSource: setsOnlyWords,
  UpdateRouterInput: setsOnlyWords,
  UpdateRouterNetworkInterface: setsOnlyWords,
  UpdateRouterOutput: setsOnlyWords,
};

/** The effect that the parameters give to a call on a known operation; one of the table's `impacts`. */
export const impactByParameters = (name: OperationName, request: JsonObject | undefined): Impact | undefined =>
  request === undefined ? undefined : BY_PARAMETERS[name]?.(request);
