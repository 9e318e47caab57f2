import './untraced.ts';

import { createCountVisible } from '../../functions/aws/queue.ts';
import { createNotifying, createPosting, type Parts } from '../../functions/create-dependencies.ts';
import { createHandler as createDigest } from '../../functions/digest/send-digests.ts';
import { createHandler as createNotifier } from '../../functions/notifier/notify-batch.ts';
import type { Outside, Telemetry } from '../../functions/ports.ts';
import { createHandler as createSummary } from '../../functions/summary/send-summaries.ts';
import type { MetricName } from '../../shared/delivery/metrics.ts';
import type { DisplaySettings } from '../../shared/notification/notification.ts';
import type { Handler } from './lambda.ts';
import type { FunctionName } from './process.ts';

/** What a process takes from the world. */
export interface SimulatedOutside extends Omit<Outside, 'patience'> {
  /** Is given each client of the SDK when it is made. */
  readonly captureClient: <Client extends object>(client: Client) => Client;
  readonly onMetric: (name: MetricName, value: number) => void;
  /** Called with what the functions log; `undefined` where nobody listens. */
  readonly onLine: ((line: string) => void) | undefined;
}

/** What the stack tells the functions. */
export interface Deployed {
  readonly secretId: string;
  readonly tableName: string;
  readonly immediateQueueUrl: string;
  readonly digestQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly channels: readonly string[];
  readonly display: DisplaySettings;
}

/** Of the stack, as `infra/stack/function-settings.ts` has it. */
export const TIMEOUTS_MS: Readonly<Record<FunctionName, number>> = {
  notifier: 120_000,
  digest: 300_000,
  summary: 120_000,
};
export const DIGEST_MS = 15 * 60_000;
export const MAX_RECEIVE_COUNT = 1000;
export const NOTIFIER_CONCURRENCY = 4;
export const visibilityTimeoutMs = (name: FunctionName, windowSeconds: number): number =>
  6 * TIMEOUTS_MS[name] + windowSeconds * 1000;

/** Lines only where somebody listens: a year has millions of them. */
const telemetryOf = ({ onMetric, onLine }: SimulatedOutside): Telemetry => ({
  decision: ({ eventId, channel, result, reason = '' }) => onLine?.(`${eventId} ${channel} ${result} ${reason}`),
  warn: (message, details) => onLine?.(`${message} ${JSON.stringify(details)}`),
  error: (message, details) => onLine?.(`${message} ${JSON.stringify(details)}`),
  metric: (name, value) => onMetric(name, value),
  span: (_name, _annotations, run) => run(),
});

const partsOf = (outside: SimulatedOutside): Parts => ({
  outside: { ...outside, patience: outside.timeLimit },
  telemetry: telemetryOf(outside),
  captureClient: outside.captureClient,
});

const environmentOf = ({ secretId, tableName, deadLetterQueueUrl, display }: Deployed, QUEUE_URL: string) => ({
  SLACK_SECRET_ID: secretId,
  LEDGER_TABLE_NAME: tableName,
  DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
  DISPLAY_SETTINGS: display,
  QUEUE_URL,
});

const CREATE: Readonly<Record<FunctionName, (outside: SimulatedOutside, deployed: Deployed) => Handler>> = {
  notifier: (outside, deployed) =>
    createNotifier(createNotifying(environmentOf(deployed, deployed.immediateQueueUrl), partsOf(outside))),
  digest: (outside, deployed) =>
    createDigest({
      ...createNotifying(environmentOf(deployed, deployed.digestQueueUrl), partsOf(outside)),
      digestMinutes: DIGEST_MS / 60_000,
    }),
  summary: (outside, deployed) =>
    createSummary({
      ...createPosting(environmentOf(deployed, deployed.immediateQueueUrl), partsOf(outside)),
      channels: deployed.channels,
      countVisible: createCountVisible(deployed.immediateQueueUrl, outside.captureClient, outside),
    }),
};

/** A function as it is deployed, in a process of its own. */
export const createFunction = (name: FunctionName, outside: SimulatedOutside, deployed: Deployed): Handler =>
  CREATE[name](outside, deployed);
