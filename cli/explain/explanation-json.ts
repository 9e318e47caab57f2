import { type Place, placeText } from '../../local/input/input-item.ts';
import type { Principal } from '../../shared/notification.ts';
import { type Explanation, matching } from './explain-event.ts';

const principalJson = ({ kind, name }: Principal) => ({ kind, name });

/** The line of `explain --json` for an event; the keys are the same for every event that can be used. */
export function explanationJson(explanation: Explanation, at: Place): object {
  const place = placeText(at);
  if (explanation.kind === 'no call') return { error: explanation.error, line: at.line ?? null, place };
  if (explanation.kind === 'other call') {
    const { eventId, operation, access, outcome, principal, origin } = explanation.call;
    return {
      eventId,
      operation,
      resource: 'unrecognized',
      access,
      outcome,
      impact: 'none',
      principal: principalJson(principal),
      origin: origin.kind,
      resourceName: null,
      flowName: null,
      rules: [],
      channels: [],
      message: null,
      place,
    };
  }
  const { notification, answers, message } = explanation;
  const { eventId, call, principal, origin, resourceName, flowName } = notification;
  const rules = matching(answers);
  return {
    eventId,
    operation: call.operation,
    resource: call.resource,
    access: call.access,
    outcome: call.outcome,
    impact: call.impact,
    principal: principalJson(principal),
    origin: origin.kind,
    resourceName,
    flowName,
    rules: rules.map(({ name }) => name),
    channels: [...new Set(rules.map(({ channel }) => channel))],
    message: message ?? null,
    place,
  };
}
