import { EVENT_SOURCE } from '../../shared/call/api-call-event.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import { HEALTH_SUFFIX, SIGNALLESS_STATES, WANTED_DETAIL_TYPES } from '../../shared/outcome/signal-event.ts';

type Pattern = CompiledRule['pattern'];

/** Into a state without signal, or out of one; an empty one is before the first. Older events spell the member otherwise. */
const signalLostOrBack = ['state', 'source_state'].flatMap((member): readonly Pattern[] => [
  { current: { [member]: SIGNALLESS_STATES } },
  { previous: { [member]: [...SIGNALLESS_STATES, ''] } },
]);

/**
 * MediaConnect's own events, as far as anybody wants them. The detail-types are listed, since a flow tells of its
 * metadata every 20 seconds, which no page documents. Health events come with each TR 101 290 error, and a pattern cannot
 * compare what was with what is; so those pass in which a signal was lost or came back.
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events.html
 */
export const SIGNAL_PATTERN: Pattern = {
  source: [EVENT_SOURCE],
  $or: [
    { 'detail-type': WANTED_DETAIL_TYPES },
    { 'detail-type': [{ suffix: HEALTH_SUFFIX }], detail: { $or: signalLostOrBack } },
  ],
};

/** No rule of the admin's has a name that begins so. */
export const SIGNAL_RULE_NAME = '_signal';

/** Whether a rule is one of the admin's, which take calls and nothing else. */
export const isForCalls = ({ name }: Pick<CompiledRule, 'name'>): boolean => name !== SIGNAL_RULE_NAME;

/**
 * The rule that brings MediaConnect's own events: no call is among them, so it needs no trail and no reads.
 *
 * @param channel where what nobody called for is said; what came of a call goes to the channels of the call
 */
export const compileSignalRule = (channel: string): CompiledRule => ({
  name: SIGNAL_RULE_NAME,
  channel,
  delivery: 'immediate',
  state: 'ENABLED',
  pattern: SIGNAL_PATTERN,
});
