import { startPipeline } from '../../local/start-pipeline.ts';
import type { FunctionModel } from '../../local/template/stack-model.ts';
import { CHAOS_CONTEXT } from './chaos-call.ts';
import { type ChaosRun, gatherEvidence, outputOf, putAgain, putAll, untilQueuesAreEmpty } from './chaos-run.ts';
import { outsideClient } from './dead-letters.ts';
import { createKiller, type Killer } from './killer.ts';
import { createObserver } from './observer.ts';
import { seededRandom } from './seeded-random.ts';
import { slackFaults } from './slack-faults.ts';
import { faultsIn, type Harm, type Verification, verify } from './verify.ts';
import { createWorkload } from './workload.ts';

export interface ChaosOptions {
  readonly events: number;
  readonly seed: number;
  /** How often a process is ended at work. */
  readonly kills: number;
  /** How much sooner than on AWS hidden records come back. */
  readonly clockFactor: number;
  /**
   * The notifier's batching window.
   * @default 0
   */
  readonly windowSeconds?: number;
  /** What has no end by then is left waiting. */
  readonly limitMs: number;
  /** Called with how far the run is, a few times a second. */
  readonly onProgress: (progress: ChaosProgress) => void;
  /**
   * Called with the troubles that the functions log.
   * @default nobody
   */
  readonly onNote?: ((note: string) => void) | undefined;
}

export interface ChaosProgress {
  /** Events put in. */
  readonly put: number;
  readonly events: number;
  /** Distinct calls that Slack's messages name so far. */
  readonly named: number;
  readonly messages: number;
  readonly faults: number;
  readonly kills: number;
}

/** What a run found. */
export interface ChaosResult extends Verification, Harm {
  readonly events: number;
  readonly seconds: number;
  readonly seed: number;
  readonly clockFactor: number;
}

/**
 * A queue hides records for six times as long as its function may work on them. The functions' own clocks run slower
 * by that than the queues', so that nothing comes back before its time is over, and a busy machine has more of it.
 */
const VISIBILITY_PER_TIMEOUT = 6;
const LOOK_EVERY_MS = 200;

interface Chaos extends ChaosRun {
  readonly killer: Killer;
}

/** As Slack's stand-in and the processes' ends show it, not as it was planned. */
function harmIn({ pipeline, observer, killer }: Chaos, { kills }: ChaosOptions): Harm {
  const { messages: posts, ends, lostAnswers } = observer;
  const { refusals } = pipeline.state();
  return { killsAsked: kills, kills: killer.kills, ends, posts, refusals, lostAnswers };
}

function look(chaos: Chaos, options: ChaosOptions): void {
  const { observer, workload, killer } = chaos;
  const { events, onProgress } = options;
  killer.progressed(observer.namedCalls / events);
  const { namedCalls: named, messages } = observer;
  const put = workload.calls.size + workload.malformed.size;
  onProgress({ put, events, named, messages, faults: faultsIn(harmIn(chaos, options)), kills: killer.kills });
}

async function drive(chaos: Chaos, options: ChaosOptions): Promise<ChaosResult> {
  const { events, seed, clockFactor, limitMs } = options;
  const begunMs = performance.now();
  const looking = setInterval(() => look(chaos, options), LOOK_EVERY_MS);
  try {
    await putAll(chaos);
    await untilQueuesAreEmpty(chaos, begunMs + limitMs);
    await putAgain(chaos);
    await untilQueuesAreEmpty(chaos, begunMs + limitMs);
  } finally {
    clearInterval(looking);
    chaos.killer.stop();
  }
  look(chaos, options);
  return {
    events,
    ...verify(await gatherEvidence(chaos)),
    ...harmIn(chaos, options),
    seconds: Math.round((performance.now() - begunMs) / 100) / 10,
    seed,
    clockFactor,
  };
}

/**
 * Runs the real pipeline on a very bad day, and finds out from outside what became of every event: from the messages
 * that Slack took, the dead-letter queue and the queues. What the functions say of themselves is not asked.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { events, seed, kills, clockFactor, windowSeconds = 0 } = options;
  let posters: readonly FunctionModel[] = [];
  const posterOf = (poster: string): FunctionModel | undefined =>
    posters.find(({ logicalId }) => poster.startsWith(`LOCAL${logicalId}`));
  const observer = createObserver({
    notifies: (poster) => posterOf(poster) !== undefined,
    nowMs: () => performance.now(),
  });
  let killer: Killer | undefined;
  const pipeline = await startPipeline({
    context: { ...CHAOS_CONTEXT, 'notifier:batchingWindowSeconds': windowSeconds },
    clockFactor,
    timeFactor: clockFactor / VISIBILITY_PER_TIMEOUT,
    page: false,
    onNote: (note) => options.onNote?.(note),
    onMessage: (post) => {
      observer.accepted(post);
      killer?.accepted(post);
    },
    onAnswerLost: observer.answerLost,
    onProcessEnd: observer.ended,
  });
  const outside = outsideClient(pipeline.urls.aws, pipeline.model.region);
  try {
    posters = pipeline.model.functions.filter(({ environment }) => environment.QUEUE_URL !== undefined);
    const digestQueueUrl = outputOf(pipeline.model, 'DigestQueueUrl');
    killer = createKiller({
      kills,
      random: seededRandom(seed, 'kills'),
      kill: pipeline.consumers.kill,
      notifiesDigests: (poster) => posterOf(poster)?.environment.QUEUE_URL === digestQueueUrl,
      after: (ms, task) => void setTimeout(task, ms),
    });
    pipeline.slack.follow(slackFaults(seededRandom(seed, 'faults')));
    const workload = createWorkload({ events, random: seededRandom(seed, 'events'), nowMs: Date.now });
    return await drive({ pipeline, outside, observer, workload, killer }, options);
  } finally {
    outside.destroy();
    await pipeline.stop();
  }
}
