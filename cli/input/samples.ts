import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { suggestion } from '../../infra/settings/issue-line.ts';
import { REGION, sampleArn, sampleEvent } from '../../local/sample-day/sample-call.ts';
import { type SampleSignal, SIGNAL_SAMPLES, signalEvent } from '../../local/sample-day/sample-signal.ts';
import { UsageError } from '../io.ts';
import type { Envelope, InputItem } from './envelope.ts';

/** The events of MediaConnect's own that stand ready, by the names that people type where a file could stand. */
export const SAMPLE_NAMES: readonly string[] = Object.keys(SIGNAL_SAMPLES);

/** What the help of a command says of them. */
export const SAMPLES_HELP = `Samples of MediaConnect's own events, of a smoke test's flow, router output or router input (a file of such a name is
./NAME): ${SAMPLE_NAMES.join(', ')}.`;

/** The place of the made-up call. */
const SAMPLE_CALL = 'sample';

/** Whether a word was meant as a name: a path has a dot or a slash, or is there. */
const isName = (word: string): boolean => /^[a-z]+(?:-[a-z]+)*$/i.test(word) && !existsSync(word);

/** What was named, told apart. */
export interface NamedInput {
  readonly samples: readonly string[];
  readonly paths: readonly string[];
}

/**
 * Tells samples from files.
 *
 * @throws UsageError for a word that is neither.
 */
export function listSamples(words: readonly string[]): NamedInput {
  const samples = words.filter((word) => Object.hasOwn(SIGNAL_SAMPLES, word));
  const paths = words.filter((word) => !Object.hasOwn(SIGNAL_SAMPLES, word));
  const unknown = paths.find(isName);
  if (unknown === undefined) return { samples, paths };
  throw new UsageError(
    `${unknown}: neither a file nor a sample${suggestion(unknown, SAMPLE_NAMES)} (samples: ${SAMPLE_NAMES.join(', ')}; a call: --sample)`,
  );
}

const FLOW = 'Smoke-Test-Of-The-Notifier';
const ARN = sampleArn('flow', '1-UFcDVAcGAlZQVg8F-3f2b8c1d9e40', FLOW);

/** A made-up call that nobody in the channel takes for a real one. */
function smokeCall(region: string, nowMs: number): Envelope {
  const event = sampleEvent(
    {
      by: 'jane',
      operation: 'StartFlow',
      parameters: { flowArn: encodeURIComponent(ARN) },
      response: { flowArn: ARN, status: 'STARTING' },
    },
    nowMs,
    randomUUID,
  );
  return { ...event, region, detail: { ...(event.detail as object), awsRegion: region } };
}

/** One of MediaConnect's own events as it would come now. */
function smokeSignal(sample: SampleSignal, region: string, nowMs: number): Envelope {
  const resources = sample.resources.map((arn) => arn.replace(`:${REGION}:`, `:${region}:`));
  return { ...signalEvent({ ...sample, resources }, nowMs, randomUUID), region };
}

const itemOf = (file: string, envelope: Envelope): InputItem => ({
  kind: 'event',
  envelope,
  file,
  line: 1,
  record: 1,
});

/**
 * The samples as they would come now, the made-up call last: MediaConnect's own events mostly come before the record of
 * their call, and a card says only what is known when it is made.
 */
export function sampleItems(
  names: readonly string[],
  { withCall, region = REGION }: { readonly withCall: boolean; readonly region: string | undefined },
  nowMs: number,
): readonly InputItem[] {
  const signals = names.flatMap((name) => {
    const sample = SIGNAL_SAMPLES[name];
    return sample === undefined ? [] : [itemOf(name, smokeSignal(sample, region, nowMs))];
  });
  return withCall ? [...signals, itemOf(SAMPLE_CALL, smokeCall(region, nowMs))] : signals;
}
