/** One setting as a person reads of it. */
export interface SettingRow {
  readonly key: string;
  /** What may stand there, in words. */
  readonly takes: string;
  /** As JSON; `undefined` where there is none. */
  readonly standard: string | undefined;
  readonly meaning: string;
}

/** Every setting of the context, by its key without the prefix `notifier:`. A test holds the rows to the schema. */
export const CONTEXT_KEYS: readonly SettingRow[] = [
  {
    key: 'regions',
    takes: 'list of AWS regions',
    standard: '["eu-west-1"]',
    meaning: 'one complete stack in each',
  },
  {
    key: 'slackSecretName',
    takes: 'name of a secret',
    standard: undefined,
    meaning:
      'an existing Secrets Manager secret with the webhook URL; left out: the stack makes one, to be filled by hand; it stays when the stack goes',
  },
  {
    key: 'channels',
    takes: 'object: channel → `{ "mention": { "on-air": …, "denied": … } }`',
    standard: '{}',
    meaning:
      'the channels besides `default`, and whom their messages call: `here`, `channel` or `@` and a user group id',
  },
  {
    key: 'accountNames',
    takes: 'object: account id → name',
    standard: '{}',
    meaning: 'names that messages show for accounts',
  },
  {
    key: 'rules',
    takes: 'object: rule name → rule, up to 140',
    standard: 'see below',
    meaning: 'which calls are told to which channel',
  },
  { key: 'digestMinutes', takes: '1 to 1440', standard: '15', meaning: 'minutes between two digests' },
  {
    key: 'batchingWindowSeconds',
    takes: '0 to 300',
    standard: '0',
    meaning: 'seconds for which calls are gathered before they are told; 0: the first is told as it comes',
  },
  {
    key: 'logRetentionDays',
    takes: 'days that CloudWatch Logs offers',
    standard: '30',
    meaning: 'days for which the functions’ logs are kept',
  },
  {
    key: 'archiveDays',
    takes: '0 to 365',
    standard: '30',
    meaning: 'days for which EventBridge keeps the calls for a replay; 0: no archive',
  },
  { key: 'alarmEmail', takes: 'e-mail address', standard: undefined, meaning: 'who is told of alarms' },
  {
    key: 'createTrail',
    takes: '`true` or `false`',
    standard: 'false',
    meaning:
      'whether each region gets a CloudTrail trail, in a stack of its own that stays; nothing arrives without one',
  },
  {
    key: 'showParameters',
    takes: 'list of paths, such as `outputs[].port`',
    standard: '[]',
    meaning: 'request parameters shown besides those that are always shown',
  },
];

/** Every setting of a rule. */
export const RULE_KEYS: readonly SettingRow[] = [
  {
    key: 'access',
    takes: '`mutating`, `read-only` or `any`',
    standard: '"any"',
    meaning: 'whether the call changes anything',
  },
  { key: 'resources', takes: 'list of resource kinds', standard: undefined, meaning: 'what the call acts on' },
  { key: 'operations', takes: 'list of names, `*` for any text', standard: undefined, meaning: 'which operations' },
  {
    key: 'impact',
    takes: 'list of `on-air`, `access`, `change`, `none`',
    standard: undefined,
    meaning: 'what the call can do to the signal',
  },
  {
    key: 'outcome',
    takes: 'list of `succeeded`, `denied`, `failed`',
    standard: undefined,
    meaning: 'how the call ended',
  },
  {
    key: 'principals',
    takes: '`{ "include": […] }` or `{ "exclude": […] }`',
    standard: undefined,
    meaning: 'who called: role, user, session, service, ARN or `root`, `*` for any text',
  },
  {
    key: 'origins',
    takes: 'list of `console`, `cli`, `terraform`, `cloudformation`, `service`',
    standard: undefined,
    meaning: 'by what means the call was made, as far as an event pattern can tell',
  },
  { key: 'accounts', takes: 'list of account ids', standard: undefined, meaning: 'in which accounts' },
  {
    key: 'match',
    takes: 'event pattern on the `detail`',
    standard: undefined,
    meaning: 'anything else that EventBridge can match; it must hold besides the rest',
  },
  { key: 'channel', takes: 'name of a channel', standard: '"default"', meaning: 'where the calls are told' },
  {
    key: 'delivery',
    takes: '`immediate` or `digest`',
    standard: '"immediate"',
    meaning: 'at once, or together in the digest',
  },
  { key: 'enabled', takes: '`true` or `false`', standard: 'true', meaning: 'a rule that is off stays deployed' },
];

const cell = (text: string): string => text.replaceAll('|', '\\|');

const rowOf = (prefix: string, { key, takes, standard, meaning }: SettingRow): string => {
  const shown = standard === undefined ? '' : /^see /.test(standard) ? standard : `\`${standard}\``;
  return `| \`${prefix}${key}\` | ${cell(takes)} | ${shown} | ${cell(meaning)} |`;
};

const table = (title: string, prefix: string, rows: readonly SettingRow[]): string =>
  [
    `| ${title} | takes | default | meaning |`,
    '| --- | --- | --- | --- |',
    ...rows.map((row) => rowOf(prefix, row)),
  ].join('\n');

/** The settings as the README shows them, in Markdown. */
export const renderSettings = (): string =>
  `${table('context value', 'notifier:', CONTEXT_KEYS)}\n\n${table('in a rule', '', RULE_KEYS)}`;
