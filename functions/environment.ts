import * as z from 'zod/mini';
import { type DisplaySettings, DisplaySettingsSchema } from '../shared/notification/settings.ts';

/** A function's environment is not what the stack gives it. Names the variables, not their values. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

const text = z.string().check(z.minLength(1));
const json = z.pipe(
  text,
  z.transform((value: string, context) => {
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.issues.push({ code: 'custom', message: 'not JSON', input: value });
      return z.NEVER;
    }
  }),
);

const common = { SLACK_SECRET_ID: text, LEDGER_TABLE_NAME: text };

const queueReader = {
  ...common,
  QUEUE_URL: text,
  DEAD_LETTER_QUEUE_URL: text,
  DISPLAY_SETTINGS: z.pipe(json, DisplaySettingsSchema) as z.ZodMiniType<DisplaySettings>,
};

/** What the notifier is given. */
export const QueueReaderEnvironmentSchema = z.object(queueReader);

export type QueueReaderEnvironment = z.output<typeof QueueReaderEnvironmentSchema>;

const minutes = z.pipe(text, z.pipe(z.transform(Number), z.number().check(z.gte(1))));

/** What the digest is given. */
export const DigestEnvironmentSchema = z.object({ ...queueReader, DIGEST_MINUTES: minutes });

/** What the daily summary is given. */
export const SummaryEnvironmentSchema = z.object({
  ...common,
  IMMEDIATE_QUEUE_URL: text,
  CHANNELS: z.pipe(json, z.array(text)),
});

/**
 * Reads the settings that the stack gave a function.
 *
 * @throws EnvironmentError with every variable that is missing or malformed.
 */
export function readEnvironment<Schema extends z.ZodMiniType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const names = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  throw new EnvironmentError(`missing or malformed in the environment: ${[...names].sort().join(', ')}`);
}
