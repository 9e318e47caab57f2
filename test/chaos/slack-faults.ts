import type { BehaviourPlan, SlackBehaviour } from '../../local/slack/behaviour.ts';
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

/** So many meet one that can be seen from outside: all but the answers that begin as they should and do not end. */
export const FAULTS_SHARE = SHARE * (1 - 1 / (2 * FAULTS.length));

/** Slack on a very bad day. */
export const slackFaults =
  (random: Random): BehaviourPlan =>
  () =>
    random() < SHARE ? pick(random, pick(random, FAULTS)) : 'ok';
