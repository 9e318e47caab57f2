import { setTimeout as delay } from 'node:timers/promises';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Pipeline } from '../../local/pipeline.ts';
import type { StackModel } from '../../local/template/stack-model.ts';
import { type ChaosCall, isPromised, queuedText } from './chaos-call.ts';
import { takeDeadLetters } from './dead-letters.ts';
import { numberOfEventId } from './marked-name.ts';
import type { Observer } from './observer.ts';
import type { Evidence, Expected } from './verify.ts';
import type { Delivery, Workload } from './workload.ts';

/** What a run works with. */
export interface ChaosRun {
  readonly pipeline: Pick<Pipeline, 'model' | 'putEvent' | 'state' | 'queued'>;
  /** Somebody who uses the pipeline's queues as anybody could. */
  readonly outside: SQSClient;
  readonly observer: Observer;
  readonly workload: Workload;
}

const LOOK_EVERY_MS = 200;
/** After the last record has left its queue: for what was still on the wires. */
const AFTERMATH_MS = 1_500;

/** An output of the stack, such as the URL of a queue. */
export function outputOf({ outputs }: StackModel, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the stack has no output ${name}`);
  return value;
}

async function put({ pipeline, outside }: ChaosRun, delivery: Delivery): Promise<void> {
  if (delivery.kind === 'bus') return pipeline.putEvent(delivery.call.event);
  const QueueUrl = outputOf(pipeline.model, delivery.queue === 'immediate' ? 'ImmediateQueueUrl' : 'DigestQueueUrl');
  await outside.send(new SendMessageCommand({ QueueUrl, MessageBody: delivery.body }));
}

/** Puts everything in, burst by burst. */
export async function putAll(run: ChaosRun): Promise<void> {
  for (const { deliveries, pauseMs } of run.workload.bursts) {
    for (const delivery of deliveries) await put(run, delivery);
    await delay(pauseMs);
  }
}

/** So many are enough to see whether the ledger knows what was reported. */
const AGAIN_AT_MOST = 1_000;

/**
 * Puts calls again that were reported, from all over the run, as a redrive or a replay does: none of them may be reported again,
 * and nothing excuses it now.
 */
export async function putAgain(run: ChaosRun): Promise<void> {
  const calls = [...run.workload.calls.values()];
  const step = Math.ceil(calls.length / AGAIN_AT_MOST);
  for (const call of calls.filter((_, index) => index % step === 0)) {
    await put(run, { kind: 'queue', number: call.number, queue: call.route.queue, body: queuedText(call) });
  }
}

/** Waits until nothing is in the queues that functions read, or the time is up. */
export async function untilQueuesAreEmpty({ pipeline }: ChaosRun, untilMs: number): Promise<void> {
  const isEmpty = (): boolean =>
    pipeline.state().queues.every(({ waiting, inFlight, held }) => waiting + inFlight + held === 0);
  while (!isEmpty() && performance.now() < untilMs) await delay(LOOK_EVERY_MS);
  await delay(AFTERMATH_MS);
}

/** The number of what a record is about, by its text alone. */
function numberOfBody(body: string, { malformed }: Workload): number | undefined {
  const known = malformed.get(body);
  if (known !== undefined) return known;
  const [, eventId] = /"eventID":"([^"]+)"/.exec(body) ?? [];
  return eventId === undefined ? undefined : numberOfEventId(eventId);
}

/** The end that a call must come to. */
export const expectedOf = (call: ChaosCall): Expected => ({
  number: call.number,
  channel: call.route.channel,
  isDigested: call.route.queue === 'digest',
  isPromised: isPromised(call),
});

/** The calls that records are about, and how many records are about none that was put in. */
function numbersOf(bodies: readonly string[], workload: Workload): { numbers: readonly number[]; own: number } {
  const numbers = bodies.flatMap((body) => numberOfBody(body, workload) ?? []);
  return { numbers, own: bodies.length - numbers.length };
}

const bodiesOf = (letters: readonly { readonly body: string }[]): readonly string[] => letters.map(({ body }) => body);

/** Gathers what the run has left behind. */
export async function gatherEvidence({ pipeline, outside, observer, workload }: ChaosRun): Promise<Evidence> {
  const letters = await takeDeadLetters(outside, outputOf(pipeline.model, 'DeadLetterQueueUrl'));
  const dead = numbersOf(bodiesOf(letters.filter(({ reason }) => reason !== undefined)), workload);
  const waiting = numbersOf(pipeline.queued(), workload);
  return {
    expected: [
      ...Array.from(workload.calls.values(), expectedOf),
      ...Array.from(workload.malformed.values(), (number) => ({ number, channel: undefined })),
    ],
    acceptances: observer.acceptances(),
    deadLettered: dead.numbers,
    waiting: new Set(waiting.numbers),
    // With a reason or without: they could all be brought to an end.
    ownLeft: { deadLettered: numbersOf(bodiesOf(letters), workload).own, waiting: waiting.own },
  };
}
