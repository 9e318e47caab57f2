import type * as z from 'zod';
import type { Mention } from '../../shared/display-settings.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import { isRegion, REGION_NAMES } from './regions.ts';
import { RuleSchema } from './rule-schema.ts';
import { flag, listOf, namedBy, strict, textLike, wholeNumber } from './schema-parts.ts';

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
] as const;

const RULE_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,42}$/;
const CHANNEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/;
const PARAMETER_PATH = /^[A-Za-z]\w*(?:\[\])?(?:\.[A-Za-z]\w*(?:\[\])?)*$/;

const isMention = (text: string): boolean => /^(?:here|channel|@[SUW][A-Z0-9]+)$/.test(text);

const mention = textLike('here, channel, or @ and the id of a Slack user group, such as @S0123ABCD', isMention, [
  'here',
  'channel',
]).transform((text) => text as Mention);

const channel = strict(
  { mention: strict({ 'on-air': mention.optional(), denied: mention.optional() }, 'on-air or denied').optional() },
  'an object, which may be empty',
);

const region = textLike('the name of an AWS region, such as eu-west-1', isRegion, REGION_NAMES);

const retentionDays = wholeNumber(`one of ${RETENTION_DAYS.join(', ')}`, 1, 3653).refine(
  (days) => RETENTION_DAYS.some((allowed) => allowed === days),
  { error: `is not allowed; allowed: one of ${RETENTION_DAYS.join(', ')}` },
);

/** Every setting of the admin, by its key without the prefix `notifier:`. */
export const ContextSchema = strict(
  {
    regions: listOf(region, 'a list of AWS regions')
      .transform((regions) => [...new Set(regions)])
      .default(['eu-west-1']),
    slackSecretName: textLike('the name of a secret in Secrets Manager', (name) =>
      /^[A-Za-z0-9/_+=.@-]{1,512}$/.test(name),
    ).optional(),
    channels: namedBy(
      CHANNEL_NAME,
      'a channel name of letters, digits, _ . and -',
      channel,
      'an object: channel → settings',
    ).default({}),
    accountNames: namedBy(
      /^\d{12}$/,
      'an account id: 12 digits',
      textLike('the name of the account', (name) => name.trim() !== ''),
      'an object: account id → name',
    ).default({}),
    digestMinutes: wholeNumber('a whole number of minutes from 1 to 1440', 1, 1440).default(15),
    batchingWindowSeconds: wholeNumber('a whole number of seconds from 0 to 300', 0, 300).default(0),
    logRetentionDays: retentionDays.default(30),
    // What is replayed out of the archive must still be known as told, and the ledger remembers for 400 days.
    archiveDays: wholeNumber('a whole number of days from 0 (no archive) to 365', 0, 365).default(30),
    alarmEmail: textLike('an e-mail address', (address) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)).optional(),
    createTrail: flag.default(false),
    showParameters: listOf(
      textLike('a path in the request parameters, such as outputs[].port', (path) => PARAMETER_PATH.test(path)),
      'a list of parameter paths',
    ).default([]),
    rules: namedBy(
      RULE_NAME,
      'a rule name of up to 43 letters, digits, _ . and -, the first a letter',
      RuleSchema,
      'an object: rule name → rule',
    ).default(DEFAULT_RULES),
  },
  'settings',
);

export type ContextValues = z.output<typeof ContextSchema>;
