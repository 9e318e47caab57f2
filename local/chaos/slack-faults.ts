import type { BehaviourPlan, SlackBehaviour } from '../slack/slack-behaviour.ts';
import { pick, type Random } from './seeded-random.ts';

/** So many of the posts meet a Slack that is not well. */
const SHARE = 1 / 3;

type Fault = readonly [SlackBehaviour, ...SlackBehaviour[]];

/** Each is as likely as the others. Where the message may have been taken or not, both happen. */
const FAULTS: readonly [Fault, ...Fault[]] = [
  ['429'],
  ['500'],
  ['503'],
  ['rollup_error'],
  ['reset', 'taken-reset'],
  ['nothing', 'taken-nothing'],
  ['slow-refusal', 'slow-body'],
];

/** Slack on a very bad day; `onFault` hears each fault. */
export function slackFaults(random: Random, onFault: (fault: SlackBehaviour) => void): BehaviourPlan {
  return () => {
    if (random() >= SHARE) return 'ok';
    const fault = pick(random, pick(random, FAULTS));
    onFault(fault);
    return fault;
  };
}
