import * as z from 'zod';
import { asObject } from '../../shared/call/json.ts';
import { shown, suggestion } from './issue-line.ts';
import { oneOf, strict, takeObject } from './schema-parts.ts';

/** How much is said of what MediaConnect says by itself. */
const LEVELS = ['off', 'trouble', 'all'] as const;

/** One of the words is what people write; with a channel it is an object. */
const takeWord = (value: unknown): unknown => {
  const taken = takeObject(value);
  return typeof taken === 'string' ? { say: taken } : taken;
};

/** How much is said, and where. */
export const signalLevel = z.preprocess(
  takeWord,
  strict(
    {
      say: oneOf(LEVELS, { off: ['none', 'no', 'false'], trouble: ['errors', 'alerts', 'true', 'yes', 'on'] }),
      channel: z.string({ error: 'is not allowed; allowed: the name of a channel' }).optional(),
    },
    `${LEVELS.join(', ')}, or an object with say and channel`,
  ),
);

export type SignalLevel = Readonly<z.output<typeof signalLevel>>;

/** The two settings about MediaConnect's own events. */
export interface SignalSettings {
  readonly outcomes: SignalLevel;
  readonly health: SignalLevel;
}

const KEYS = ['outcomes', 'health'] as const;

/** Channels that nobody declared, in settings as they were written: what is said there would wait for a webhook for good. */
export const unknownSignalChannels = (
  settings: Readonly<Record<string, unknown>>,
  channels: readonly string[],
): readonly string[] =>
  KEYS.flatMap((key) => {
    const channel = asObject(takeObject(settings[key]))?.channel;
    return typeof channel !== 'string' || channels.includes(channel)
      ? []
      : [
          `notifier:${key}.channel: ${shown(channel)} is no channel; allowed: ${channels.join(', ')} (further ones are declared in notifier:channels)${suggestion(channel, channels)}`,
        ];
  });

/** Whether anything is said of MediaConnect's own events, so that they must be taken. */
export const wantsSignals = ({ outcomes, health }: SignalSettings): boolean =>
  outcomes.say !== 'off' || health.say !== 'off';

/** Where what nobody called for is said. */
export const healthChannelOf = ({ health }: SignalSettings): string => health.channel ?? 'default';
