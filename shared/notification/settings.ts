import * as z from 'zod/mini';
import { type NameOf, named, type Phrase, phrase } from './notification.ts';

type AccountNames = Readonly<Record<string, string>>;

/** The settings as maps, since an object takes several times as long to look up text that is fresh from a record. */
const MAPS = new WeakMap<AccountNames, ReadonlyMap<string, string>>();

function mapOf(accountNames: AccountNames): ReadonlyMap<string, string> {
  const known = MAPS.get(accountNames);
  if (known !== undefined) return known;
  const map = new Map(Object.entries(accountNames));
  MAPS.set(accountNames, map);
  return map;
}

/** The name that the admin gave to an account; the id need not be one. */
export const accountNameOf = (id: string, accountNames: AccountNames): string | undefined =>
  mapOf(accountNames).get(id);

/** "Partner TV (444455556666)", or the id alone. */
export function describeAccount(id: string, accountNames: AccountNames): Phrase {
  const name = accountNameOf(id, accountNames);
  return name === undefined ? [named(id)] : phrase(named(name), ' (', named(id), ')');
}

/** Whom a message calls: everybody here, the whole channel, or a Slack user group by its id. */
export type Mention = 'here' | 'channel' | `@${string}`;

/**
 * What a channel can want somebody called for. `on-air` is what was there before the three effects were told apart, and
 * calls for what goes off air.
 */
export type MentionKey = 'off-air' | 'signal-changed' | 'put-on-air' | 'on-air' | 'denied';

/** What belongs to a channel rather than to a rule. */
export interface ChannelSettings {
  readonly mention?: { readonly [Key in MentionKey]?: Mention | undefined } | undefined;
}

/** How much is said: nothing, what goes otherwise than wanted, or all; and where, if not where it belongs. */
interface SayLevel {
  readonly say: 'off' | 'trouble' | 'all';
  readonly channel?: string | undefined;
}

/** How much is said of what MediaConnect says by itself. */
export interface SignalSettings {
  /** Of what calls came to; where the call is reported, if no channel is set. */
  readonly outcomes: SayLevel;
  /** Of what nobody called for; in the default channel, if none is set. */
  readonly health: SayLevel;
}

/** What the admin's context says about how messages look. Travels to the functions as JSON in `DISPLAY_SETTINGS`. */
export interface DisplaySettings {
  /** Account id → name. */
  readonly accountNames: Readonly<Record<string, string>>;
  /** Id or ARN → name, for what has only ids: router inputs, outputs and network interfaces, people, accounts. */
  readonly names?: Readonly<Record<string, string>> | undefined;
  readonly channels: Readonly<Record<string, ChannelSettings>>;
  /** Parameter paths shown beside those that are always allowed, e.g. `outputs[].cidrAllowList`. */
  readonly showParameters: readonly string[];
  /** How much is said of what MediaConnect says by itself; left out: nothing, and nothing is remembered for it. */
  readonly signals?: SignalSettings | undefined;
}

interface Names {
  readonly settings: DisplaySettings;
  readonly byId: ReadonlyMap<string, string>;
}

const NAMES = new WeakMap<DisplaySettings, Names>();

/**
 * The settings with the names of accounts that stand among the other names, and all names by id; `undefined` where the
 * admin gives none.
 */
export function namesIn(settings: DisplaySettings): Names | undefined {
  if (settings.names === undefined) return undefined;
  const known = NAMES.get(settings);
  if (known !== undefined) return known;
  const accountNames = { ...settings.names, ...settings.accountNames };
  const names = { settings: { ...settings, accountNames }, byId: new Map(Object.entries(accountNames)) };
  NAMES.set(settings, names);
  return names;
}

/** The admin's name for what has only an id. */
export const givenNameOf =
  (settings: DisplaySettings): NameOf =>
  ({ arn, id }) => {
    const byId = namesIn(settings)?.byId;
    return byId?.get(arn) ?? byId?.get(id);
  };

const MentionSchema = z.optional(
  z.union([z.literal('here'), z.literal('channel'), z.templateLiteral(['@', z.string()])]),
);

const SignalSchema = z.object({ say: z.enum(['off', 'trouble', 'all']), channel: z.optional(z.string()) });

export const DisplaySettingsSchema = z.object({
  accountNames: z.record(z.string(), z.string()),
  names: z.optional(z.record(z.string(), z.string())),
  channels: z.record(
    z.string(),
    z.object({
      mention: z.optional(
        z.object({
          'off-air': MentionSchema,
          'signal-changed': MentionSchema,
          'put-on-air': MentionSchema,
          'on-air': MentionSchema,
          denied: MentionSchema,
        }),
      ),
    }),
  ),
  showParameters: z.array(z.string()),
  signals: z.optional(z.object({ outcomes: SignalSchema, health: SignalSchema })),
});
