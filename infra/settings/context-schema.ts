import type * as z from 'zod';
import type { Mention } from '../../shared/notification/notification.ts';
import { isRegion, REGION_NAMES } from './regions.ts';
import { type NotifierRule, RuleSchema, type RuleSettings } from './rule-schema.ts';
import { flag, listOf, namedBy, SETTING_WORDS, strict, textLike, wholeNumber } from './schema-parts.ts';
import { signalLevel } from './signal-settings.ts';
import { withoutWebhooks } from './user-error.ts';

const immediately = { channel: 'default', delivery: 'immediate', enabled: true } as const;

/**
 * The rules of an admin who gives none: changes and denied calls at once, other reads in the digest.
 *
 * @internal
 */
export const DEFAULT_RULES: Record<string, RuleSettings> = {
  changes: { ...immediately, access: 'mutating' },
  'denied-reads': { ...immediately, access: 'read-only', outcome: ['denied'] },
  reads: { ...immediately, access: 'read-only', outcome: ['succeeded', 'failed'], delivery: 'digest' },
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
] as const;

const RULE_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,42}$/;
const CHANNEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/;
/** What else has an ARN says its name in it. */
const ID_OR_ARN =
  /^(?:(?!arn:)[^\s\p{C}]{1,128}|arn:aws(?:-[a-z]+)*:mediaconnect:[a-z\d-]+:\d{12}:router(?:Input|Output|NetworkInterface):[\w-]{1,128})$/u;
const PARAMETER_PATH = /^[A-Za-z]\w*(?:\[\])?(?:\.[A-Za-z]\w*(?:\[\])?)*$/;

const isMention = (text: string): boolean => /^(?:here|channel|@[SUW][A-Z0-9]+)$/.test(text);

/** Also as Slack writes it, in messages (`<!subteam^S0123ABCD>`) and on pages (`S0123ABCD`). */
function mentionIn(written: string): string | undefined {
  const bare = written.replace(/^<[!@](?:subteam\^)?|[|>].*$/g, '').replace(/^@/, '');
  return [bare, `@${bare}`].find(isMention);
}

const mention = textLike(
  'here, channel, or @ and the id of a Slack user group, such as @S0123ABCD',
  isMention,
  ['here', 'channel'],
  mentionIn,
).transform((text) => text as Mention);

/** Who writes only whom to call has still to say when. */
const meantMention = (input: unknown): string =>
  typeof input === 'string' && isMention(input)
    ? `; did you mean {"on-air":${JSON.stringify(input)},"denied":${JSON.stringify(input)}}?`
    : '';

const channel = strict(
  {
    mention: strict(
      {
        'off-air': mention.optional(),
        'signal-changed': mention.optional(),
        'put-on-air': mention.optional(),
        'on-air': mention.optional(),
        denied: mention.optional(),
      },
      'an object with off-air, signal-changed, put-on-air, on-air or denied',
      meantMention,
    ).optional(),
  },
  'an object, which may be empty',
);

const isAddress = (text: string): boolean => /^[^\s@<>,;:"]+@[^\s@<>,;:"]+\.[^\s@<>,;:"]+$/.test(text);

const region = textLike('the name of an AWS region, such as eu-west-1', isRegion, REGION_NAMES);

const retentionDays = wholeNumber(`one of ${RETENTION_DAYS.join(', ')}`, 1, 3653).refine(
  (days) => RETENTION_DAYS.some((allowed) => allowed === days),
  { error: `is not allowed; allowed: one of ${RETENTION_DAYS.join(', ')}` },
);

/**
 * Every setting of the admin, by its key without the prefix `notifier:`, in the order in which the README has them.
 *
 * @internal the types of the package name no library of ours
 */
export const ContextSchema = strict(
  {
    regions: listOf(region, 'a list of AWS regions')
      .transform((regions): readonly string[] => [...new Set(regions)])
      .default(['eu-west-1'])
      .register(SETTING_WORDS, { takes: 'list of AWS regions', meaning: 'one complete stack in each' }),
    // A webhook's address would pass for a name, and be in the template for everybody to read.
    slackSecretName: textLike(
      'the name of a secret in Secrets Manager',
      (name) => /^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name) && withoutWebhooks(name) === name,
      [],
      // Secrets Manager ends the ARN with six characters that are not of the name.
      (written) => /^arn:[^:]*:secretsmanager:.*:secret:(.+?)(?:-\w{6})?$/.exec(written)?.[1],
    )
      .optional()
      .register(SETTING_WORDS, {
        takes: 'name of a secret',
        meaning:
          'an existing Secrets Manager secret with the webhook URL; left out: the stack makes one, to be filled by hand; it stays when the stack goes',
      }),
    channels: namedBy(
      CHANNEL_NAME,
      'a channel name of letters, digits, _ . and -',
      channel,
      'an object: channel → settings',
    )
      .default({})
      .register(SETTING_WORDS, {
        takes: 'object: channel → `{ "mention": { "off-air": …, "denied": … } }`',
        meaning:
          'the channels besides `default`, and whom their messages call: `here`, `channel` or `@` and a user group id; by `off-air` (or `on-air`, which means the same), `signal-changed`, `put-on-air`, `denied`; for each effect on each flow, and for all that is denied, once in ten minutes',
      }),
    accountNames: namedBy(
      /^\d{12}$/,
      'an account id: 12 digits',
      textLike('the name of the account', (name) => name.trim() !== ''),
      'an object: account id → name',
    )
      .default({})
      .register(SETTING_WORDS, {
        takes: 'object: account id → name',
        meaning: 'names that messages show for accounts',
      }),
    names: namedBy(
      ID_OR_ARN,
      'an id without spaces, or the ARN of a router input, output or network interface',
      textLike('a name of 1 to 80 characters', (name) => /^\S(?:.{0,78}\S)?$/u.test(name)),
      'an object: id or ARN → name',
    )
      .default({})
      .register(SETTING_WORDS, {
        takes: 'object: id or ARN → name',
        meaning:
          'names that messages show, beside the id, for what has only ids: router inputs, outputs and network interfaces, Identity Center users, web identities, accounts',
      }),
    rules: namedBy(
      RULE_NAME,
      'a rule name of up to 43 letters, digits, _ . and -, the first a letter',
      RuleSchema,
      'an object: rule name → rule',
    )
      .default(DEFAULT_RULES)
      .register(SETTING_WORDS, {
        takes: 'object: rule name → rule, up to 140',
        meaning: 'which calls are reported to which channel',
        standard: 'see below',
      }),
    outcomes: signalLevel.default({ say: 'trouble' }).register(SETTING_WORDS, {
      takes: '`off`, `trouble`, `all`, or `{ "say": …, "channel": … }`',
      meaning:
        'what is said, by MediaConnect’s own events, of what calls came to. `trouble`: on each call’s card as far as it is known, and in a line of its own what goes wrong, or is not heard of in two minutes; `all`: also each state that comes after the card. Without a channel: where the call is reported',
    }),
    health: signalLevel.default({ say: 'off' }).register(SETTING_WORDS, {
      takes: '`off`, `trouble`, `all`, or `{ "say": …, "channel": … }`',
      meaning:
        'the same of what nobody called for. `trouble`: sources and outputs that are lost, alerts; `all`: also AWS maintenance and failover. Without a channel: `default`',
    }),
    digestMinutes: wholeNumber('a whole number of minutes from 1 to 1440', 1, 1440)
      .default(15)
      .register(SETTING_WORDS, { takes: '1 to 1440', meaning: 'minutes between two digests' }),
    batchingWindowSeconds: wholeNumber('a whole number of seconds from 0 to 300', 0, 300)
      .default(0)
      .register(SETTING_WORDS, {
        takes: '0 to 300',
        meaning: 'seconds for which calls are gathered before they are reported; 0: the first is reported as it comes',
      }),
    logRetentionDays: retentionDays.default(30).register(SETTING_WORDS, {
      takes: 'days that CloudWatch Logs offers',
      meaning: 'days for which the functions’ logs are kept',
    }),
    // What is replayed out of the archive must still be known as reported, and the ledger remembers for 400 days.
    archiveDays: wholeNumber('a whole number of days from 0 (no archive) to 365', 0, 365)
      .default(30)
      .register(SETTING_WORDS, {
        takes: '0 to 365',
        meaning: 'days for which EventBridge keeps the calls for a replay; 0: no archive',
      }),
    // No list, no name before it and no mailto: Amazon SNS would refuse them only during the deployment.
    alarmEmail: textLike('an e-mail address', isAddress, [], (written) => written.split(/[\s<>,;:]+/).find(isAddress))
      .optional()
      .register(SETTING_WORDS, { takes: 'e-mail address', meaning: 'who is notified of alarms' }),
    createTrail: flag.default(false).register(SETTING_WORDS, {
      takes: '`true` or `false`',
      meaning:
        'whether each region gets a CloudTrail trail, in a stack of its own that stays; nothing arrives without one',
    }),
    showParameters: listOf(
      textLike('a path in the request parameters, such as outputs[].port', (path) => PARAMETER_PATH.test(path)),
      'a list of parameter paths',
      0,
    )
      .default([])
      .register(SETTING_WORDS, {
        takes: 'list of paths, such as `outputs[].port`',
        meaning: 'request parameters shown besides those that are always shown',
      }),
  },
  'settings',
);

/**
 * The admin's settings after defaults: every context value named `notifier:…`.
 *
 * @internal
 */
export type NotifierContext = Readonly<z.output<typeof ContextSchema>>;

/** Whom the messages of a channel call: `here`, `channel`, or `@` and the id of a user group. */
export interface NotifierChannel {
  readonly mention?: {
    readonly 'off-air'?: string;
    readonly 'signal-changed'?: string;
    readonly 'put-on-air'?: string;
    /** The same as `off-air`. */
    readonly 'on-air'?: string;
    readonly denied?: string;
  };
}

type Say = 'off' | 'trouble' | 'all';

/** How much is said, and where. */
export type NotifierLevel = Say | { readonly say: Say; readonly channel?: string };

/** The settings as props of the construct, each by the name and with the meaning that it has in the schema. */
export interface SettingProps {
  /**
   * The channels besides `default`, and whom their messages call.
   * @default only the channel `default`, which calls nobody
   */
  readonly channels?: Readonly<Record<string, NotifierChannel>>;
  /**
   * Which calls are reported to which channel, by the rules' names; up to 140. They replace the default ones.
   * @default changes and denied reads at once, other reads in the digest
   */
  readonly rules?: Readonly<Record<string, NotifierRule>>;
  /**
   * How much is said of what MediaConnect says by itself of what calls came to: `trouble` adds to a call's card what is
   * known, and reports what goes otherwise than wanted; `all` also what comes of a call after its card. With a `channel`
   * it is said there.
   * @default trouble, in the channel of the call
   */
  readonly outcomes?: NotifierLevel;
  /**
   * The same of what nobody called for: sources and outputs that are lost, alerts; with `all` maintenance, too.
   * @default off; without a channel: `default`
   */
  readonly health?: NotifierLevel;
  /**
   * Names that messages show for accounts, by account id.
   * @default the ids
   */
  readonly accountNames?: Readonly<Record<string, string>>;
  /**
   * Names that messages show, beside the id, for what has only ids, by id or ARN: router inputs, outputs and network
   * interfaces, Identity Center users, web identities, accounts.
   * @default the ids
   */
  readonly names?: Readonly<Record<string, string>>;
  /**
   * The name of a secret in Secrets Manager that holds the webhook URL, or a JSON object from channel to URL.
   * @default a new, empty secret, to be filled by hand; it stays when the stack goes
   */
  readonly slackSecretName?: string;
  /**
   * Minutes between two digests, 1 to 1440.
   * @default 15
   */
  readonly digestMinutes?: number;
  /**
   * Seconds for which calls are gathered before they are reported, 0 to 300.
   * @default 0: the first is reported as it comes
   */
  readonly batchingWindowSeconds?: number;
  /**
   * Days for which the functions' logs are kept; one of those that CloudWatch Logs offers.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * Days for which EventBridge keeps the calls for a replay, 0 to 365; 0: no archive.
   * @default 30
   */
  readonly archiveDays?: number;
  /**
   * An e-mail address that is subscribed to the alarms.
   * @default nobody is, until somebody subscribes to `alarmTopic`
   */
  readonly alarmEmail?: string;
  /**
   * Request parameters that messages show besides those that are always shown, such as `outputs[].port`.
   * @default none
   */
  readonly showParameters?: readonly string[];
}
