import { startPipeline } from '../start-pipeline.ts';
import type { FunctionModel } from '../template/stack-model.ts';
import { CHAOS_CONTEXT } from './chaos-call.ts';
import { type ChaosRun, gatherEvidence, outputOf, putAll, untilQueuesAreEmpty } from './chaos-run.ts';
import { outsideClient } from './dead-letters.ts';
import { createKiller, type Killer } from './killer.ts';
import { type Reckoning, reckon } from './reckon.ts';
import { seededRandom } from './seeded-random.ts';
import { slackFaults } from './slack-faults.ts';
import { createWitness } from './witness.ts';
import { createWorkload } from './workload.ts';

export interface ChaosOptions {
  readonly events: number;
  readonly seed: number;
  /** How often a process is ended at work. */
  readonly kills: number;
  /** How much sooner than on AWS hidden records come back. */
  readonly clockFactor: number;
  /** What has no end by then is left waiting. */
  readonly limitMs: number;
  /** Hears how far the run is, a few times a second. */
  readonly onProgress: (progress: ChaosProgress) => void;
  /**
   * Hears of the troubles that the functions log.
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
export interface ChaosResult extends Reckoning {
  readonly events: number;
  /** Messages that Slack took. */
  readonly posts: number;
  /** Posts that met a fault. */
  readonly faults: number;
  readonly kills: number;
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
  readonly counts: { readonly faults: number };
}

function look({ witness, workload, killer, counts }: Chaos, { events, onProgress }: ChaosOptions): void {
  killer.progressed(witness.namedCalls / events);
  const { namedCalls: named, messages } = witness;
  const put = workload.calls.size + workload.malformed.size;
  onProgress({ put, events, named, messages, faults: counts.faults, kills: killer.kills });
}

async function drive(chaos: Chaos, options: ChaosOptions): Promise<ChaosResult> {
  const { events, seed, clockFactor, limitMs } = options;
  const begunMs = performance.now();
  const looking = setInterval(() => look(chaos, options), LOOK_EVERY_MS);
  try {
    await putAll(chaos);
    await untilQueuesAreEmpty(chaos, begunMs + limitMs);
  } finally {
    clearInterval(looking);
    chaos.killer.stop();
  }
  look(chaos, options);
  return {
    events,
    ...reckon(await gatherEvidence(chaos)),
    posts: chaos.witness.messages,
    faults: chaos.counts.faults,
    kills: chaos.killer.kills,
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
  const { events, seed, kills, clockFactor } = options;
  const counts = { faults: 0 };
  let tellers: readonly FunctionModel[] = [];
  const tellerOf = (poster: string): FunctionModel | undefined =>
    tellers.find(({ logicalId }) => poster.startsWith(`LOCAL${logicalId}`));
  const witness = createWitness((poster) => tellerOf(poster) !== undefined);
  let killer: Killer | undefined;
  const pipeline = await startPipeline({
    context: CHAOS_CONTEXT,
    clockFactor,
    timeFactor: clockFactor / VISIBILITY_PER_TIMEOUT,
    page: false,
    onNote: (note) => options.onNote?.(note),
    onMessage: (post) => {
      witness.accepted(post);
      killer?.accepted(post);
    },
    onAnswerLost: witness.answerLost,
    onAwsRequest: witness.served,
    onProcessEnd: witness.ended,
  });
  const outside = outsideClient(pipeline.urls.aws, pipeline.model.region);
  try {
    tellers = pipeline.model.functions.filter(({ environment }) => environment.QUEUE_URL !== undefined);
    const digestQueueUrl = outputOf(pipeline.model, 'DigestQueueUrl');
    killer = createKiller({
      kills,
      random: seededRandom(seed, 'kills'),
      kill: pipeline.consumers.kill,
      tellsDigests: (poster) => tellerOf(poster)?.environment.QUEUE_URL === digestQueueUrl,
      after: (ms, task) => void setTimeout(task, ms),
    });
    pipeline.slack.follow(slackFaults(seededRandom(seed, 'faults'), () => (counts.faults += 1)));
    const workload = createWorkload({ events, random: seededRandom(seed, 'events'), nowMs: Date.now });
    return await drive({ pipeline, outside, witness, workload, killer, counts }, options);
  } finally {
    outside.destroy();
    await pipeline.stop();
  }
}
