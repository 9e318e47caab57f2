import { accountNameOf } from './account-in-words.ts';
import { correctionOf } from './addendum.ts';
import type { ApiCallEvent } from './api-call-event.ts';
import { callDetails } from './call-details.ts';
import { errorOfCall } from './call-error.ts';
import { callRemarks } from './call-remarks.ts';
import { type Classification, errorInResponse } from './classify-call.ts';
import { consoleLinks } from './console-links.ts';
import { describeCall } from './describe-call.ts';
import { detectOrigin } from './detect-origin.ts';
import type { DisplaySettings } from './display-settings.ts';
import { eventIdOf } from './event-identity.ts';
import { identifyPrincipal } from './identify-principal.ts';
import { asText, exactMember } from './json-member.ts';
import { ACCOUNT_ID, REGION } from './mediaconnect-arn.ts';
import type { Notification } from './notification.ts';
import {
  flowNameOf,
  namedResources,
  resourceNameOf,
  saidInRequest,
  saidInResponse,
  targetsOfCall,
} from './resources-of-call.ts';
import { type Matched, parseTimestampMs } from './route-envelope.ts';
import { subjectOf } from './subject-of-call.ts';

/** Calls reach EventBridge within seconds as a rule; later than this is worth a word. */
const LATE_AFTER_MS = 2 * 60 * 1000;

/** The first candidate that is as it must be, else the first that is there at all. */
function best(pattern: RegExp, ...candidates: readonly unknown[]): string | undefined {
  let first: string | undefined;
  for (const candidate of candidates) {
    const text = asText(candidate);
    if (text !== undefined && pattern.test(text)) return text;
    first ??= text;
  }
  return first;
}

function accountOf({ account, detail }: ApiCallEvent, { accountNames }: DisplaySettings): Notification['account'] {
  const id = best(ACCOUNT_ID, detail.recipientAccountId, exactMember(detail.userIdentity, 'accountId'), account);
  return id === undefined ? undefined : { id, name: accountNameOf(id, accountNames) };
}

function lateness(calledAtMs: number | undefined, ingestedAtMs: number | undefined): number | undefined {
  if (calledAtMs === undefined || ingestedAtMs === undefined) return undefined;
  const lateByMs = ingestedAtMs - calledAtMs;
  return lateByMs > LATE_AFTER_MS ? lateByMs : undefined;
}

/** A flow that is gone, or never was, has no page. */
const isGone = ({ operation, outcome }: Classification, errorCode: string | null | undefined): boolean =>
  (operation === 'DeleteFlow' && outcome === 'succeeded') || errorCode?.includes('NotFound') === true;

/**
 * Makes of a matched event what an operator should be told. Never throws: whatever a record leaves out or has in an
 * odd shape is left out of the notification, and its strings stay raw, for the renderer to escape.
 */
export function enrich({ route, event }: Matched, call: Classification, settings: DisplaySettings): Notification {
  const record = event.detail;
  const eventId = eventIdOf(event);
  const targets = targetsOfCall(call.operation, call.resource, record);
  const request = saidInRequest(record);
  const account = accountOf(event, settings);
  const region = best(REGION, record.awsRegion, event.region);
  const calledAtMs = parseTimestampMs(record.eventTime) ?? parseTimestampMs(event.time);
  const correction = correctionOf(record);
  const place = { region, account: account?.id };
  const flow = [targets.parent, ...targets.main].find((target) => target?.parsed?.kind === 'flow')?.parsed;

  return {
    eventId,
    route,
    call,
    principal: identifyPrincipal(record),
    origin: detectOrigin(record),
    sourceAddress: asText(record.sourceIPAddress),
    calledAtMs,
    lateByMs: lateness(calledAtMs, route.ingestedAtMs),
    account,
    region,
    resources: namedResources(targets),
    resourceName: resourceNameOf(targets, call.operation),
    flowName: flowNameOf(targets),
    subject: subjectOf(targets, call, account?.id, region),
    ...describeCall({
      call,
      targets,
      request,
      response: saidInResponse(record),
      accountNames: settings.accountNames,
      errorCode: record.errorCode || errorInResponse(record),
    }),
    details: callDetails(request, call, settings),
    error: errorOfCall(record),
    remarks: callRemarks(event, call, targets),
    correction,
    links: {
      ...consoleLinks({ ...place, eventId, flow: isGone(call, record.errorCode) ? undefined : flow }),
      ...(correction && { original: consoleLinks({ ...place, eventId: correction.originalEventId, flow }).event }),
    },
  };
}
