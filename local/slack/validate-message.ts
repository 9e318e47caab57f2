import { isObject } from '../../shared/call/json.ts';

/** A fault in a block: where and what, e.g. `text.text: longer than 3,000 characters (3,412)`. */
export type Fault = string;

type Check = (value: unknown, path: string) => readonly Fault[];

const lengthOf = (count: number): string => count.toLocaleString('en');

/** A string of 1 to `most` characters. */
const text =
  (most: number): Check =>
  (value, path) => {
    if (typeof value !== 'string') return [`${path}: no string`];
    if (value === '') return [`${path}: empty`];
    return value.length > most ? [`${path}: longer than ${lengthOf(most)} characters (${lengthOf(value.length)})`] : [];
  };

const boolean: Check = (value, path) => (typeof value === 'boolean' ? [] : [`${path}: no boolean`]);

const url: Check = (value, path) => [
  ...text(3000)(value, path),
  ...(typeof value === 'string' && !URL.canParse(value) ? [`${path}: no URL`] : []),
];

const oneOf =
  (...values: readonly unknown[]): Check =>
  (value, path) =>
    values.includes(value) ? [] : [`${path}: not one of ${values.join(', ')}`];

/** A list of `least` to `most` items. */
const list =
  (item: Check, most: number, least = 1): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return [`${path}: no list`];
    const faults = value.flatMap((inner, index) => item(inner, `${path}[${index}]`));
    if (value.length < least) return [`${path}: empty`, ...faults];
    return value.length > most ? [`${path}: more than ${most} (${value.length})`, ...faults] : faults;
  };

interface Shape {
  readonly required?: Readonly<Record<string, Check>>;
  readonly optional?: Readonly<Record<string, Check>>;
}

/** An object with these members and no others. */
const shape =
  ({ required = {}, optional = {} }: Shape): Check =>
  (value, path) => {
    if (!isObject(value)) return [`${path}: no object`];
    const checks = { ...optional, ...required };
    return [
      ...Object.keys(required).flatMap((key) => (value[key] === undefined ? [`${path}.${key}: missing`] : [])),
      ...Object.entries(value).flatMap(([key, inner]) => {
        if (inner === undefined) return [];
        const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
        return check === undefined ? [`${path}.${key}: unknown member`] : check(inner, `${path}.${key}`);
      }),
    ];
  };

/** Chooses the shape by `type`. */
const byType =
  (shapes: Readonly<Record<string, Shape>>, common: Readonly<Record<string, Check>> = {}): Check =>
  (value, path) => {
    if (!isObject(value)) return [`${path}: no object`];
    const { type } = value;
    const known = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
    if (known === undefined) return [`${path}.type: unknown type ${JSON.stringify(type)}`];
    const { required, optional } = known;
    return shape({ required: { type: oneOf(type), ...required }, optional: { ...optional, ...common } })(value, path);
  };

const plainText = (most: number): Shape => ({ required: { text: text(most) }, optional: { emoji: boolean } });
const plainTextObject = (most: number): Check => byType({ plain_text: plainText(most) });
const textObject = (most: number): Check =>
  byType({ plain_text: plainText(most), mrkdwn: { required: { text: text(most) }, optional: { verbatim: boolean } } });

const image: Shape = { required: { image_url: url, alt_text: text(2000) } };
const button: Shape = {
  required: { text: plainTextObject(75) },
  optional: {
    action_id: text(255),
    url,
    value: text(2000),
    style: oneOf('primary', 'danger'),
    accessibility_label: text(75),
  },
};

const richTextStyle = shape({ optional: { bold: boolean, italic: boolean, strike: boolean, code: boolean } });
const richTextElement = byType({
  text: { required: { text: text(3000) }, optional: { style: richTextStyle } },
  link: { required: { url }, optional: { text: text(3000), style: richTextStyle } },
  emoji: { required: { name: text(255) } },
  user: { required: { user_id: text(255) } },
  usergroup: { required: { usergroup_id: text(255) } },
  channel: { required: { channel_id: text(255) } },
  broadcast: { required: { range: oneOf('here', 'channel', 'everyone') } },
  date: {
    required: {
      timestamp: (value, path) => (Number.isInteger(value) ? [] : [`${path}: no integer`]),
      format: text(3000),
    },
  },
});
const richTextSection: Shape = { required: { elements: list(richTextElement, 1000) } };
const richTextPart = byType({
  rich_text_section: richTextSection,
  rich_text_quote: richTextSection,
  rich_text_preformatted: richTextSection,
  rich_text_list: {
    required: {
      style: oneOf('bullet', 'ordered'),
      elements: list(byType({ rich_text_section: richTextSection }), 1000),
    },
  },
});

/**
 * What Slack takes in each type of block that messages are made of. A type or member that is not here is a fault: this
 * never says yes to what it does not know.
 *
 * @see https://docs.slack.dev/reference/block-kit/blocks
 */
const block = byType(
  {
    section: {
      optional: {
        text: textObject(3000),
        fields: list(textObject(2000), 10),
        accessory: byType({ image, button }),
        expand: boolean,
      },
    },
    header: { required: { text: plainTextObject(150) } },
    context: {
      required: {
        elements: list(
          byType({
            image,
            plain_text: plainText(3000),
            mrkdwn: { required: { text: text(3000) }, optional: { verbatim: boolean } },
          }),
          10,
        ),
      },
    },
    divider: {},
    actions: { required: { elements: list(byType({ button }), 25) } },
    image: { ...image, optional: { title: plainTextObject(2000) } },
    rich_text: { required: { elements: list(richTextPart, 1000) } },
  },
  { block_id: text(255) },
);

const hasContent = (value: unknown): boolean =>
  !isObject(value) || value.type !== 'section' || value.text !== undefined || value.fields !== undefined;

/** Every fault in a list of blocks. */
const blockFaults: Check = (value, path) => [
  ...list(block, 50)(value, path),
  ...(Array.isArray(value) ? value : []).flatMap((inner, index) =>
    hasContent(inner) ? [] : [`${path}[${index}]: a section needs text or fields`],
  ),
];

/** How an incoming webhook names what is wrong with a payload. */
export type SlackError =
  | 'invalid_payload'
  | 'no_text'
  | 'invalid_blocks'
  | 'invalid_attachments'
  | 'too_many_attachments'
  | 'msg_blocks_too_long';

const TEXT_LENGTH = 40_000;
const ATTACHMENTS = 100;
const COLOR = /^(?:#[0-9a-f]{6}|good|warning|danger)$/i;
/** Not documented: messages over about 12,000 to 13,200 characters in their blocks are refused. */
const ALL_BLOCKS_LENGTH = 12_000;

/** What a webhook's payload may have, the old members included. */
const MEMBERS: ReadonlySet<string> = new Set([
  'attachments',
  'blocks',
  'channel',
  'icon_emoji',
  'icon_url',
  'link_names',
  'metadata',
  'mrkdwn',
  'parse',
  'reply_broadcast',
  'response_type',
  'text',
  'thread_ts',
  'unfurl_links',
  'unfurl_media',
  'username',
]);

const OLD_ATTACHMENT_TEXTS = ['fallback', 'text', 'pretext', 'title', 'title_link', 'author_name', 'footer'] as const;
const ATTACHMENT_MEMBERS: ReadonlySet<string> = new Set(['blocks', 'color', ...OLD_ATTACHMENT_TEXTS]);

interface Found {
  readonly error: SlackError;
  readonly fault: Fault;
}

const found = (error: SlackError, faults: readonly Fault[]): readonly Found[] =>
  faults.map((fault) => ({ error, fault }));

/** Characters of all strings called `text` below a value. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, inner) => sum + textLength(inner), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, inner]) => sum + (key === 'text' && typeof inner === 'string' ? inner.length : textLength(inner)),
    0,
  );
}

/** Attachments without blocks are of the old kind: Slack still takes their texts. */
function attachmentFaults(value: unknown, path: string): readonly Fault[] {
  if (!isObject(value)) return [`${path}: no object`];
  const { color, blocks } = value;
  const isEmptyAttachment = blocks === undefined && OLD_ATTACHMENT_TEXTS.every((key) => isEmpty(value[key]));
  return [
    ...Object.keys(value).flatMap((key) => (ATTACHMENT_MEMBERS.has(key) ? [] : [`${path}.${key}: unknown member`])),
    ...OLD_ATTACHMENT_TEXTS.flatMap((key) =>
      value[key] === undefined || typeof value[key] === 'string' ? [] : [`${path}.${key}: no string`],
    ),
    ...(color === undefined || COLOR.test(String(color)) ? [] : [`${path}.color: no colour`]),
    ...(blocks === undefined ? [] : blockFaults(blocks, `${path}.blocks`)),
    ...(isEmptyAttachment ? [`${path}: neither blocks nor text`] : []),
  ];
}

function textFaults(text: unknown): readonly Found[] {
  if (text === undefined) return [];
  if (typeof text !== 'string') return found('invalid_payload', ['text: no string']);
  return text.length > TEXT_LENGTH
    ? found('invalid_payload', [`text: longer than 40,000 characters (${text.length})`])
    : [];
}

function attachmentsFaults(attachments: unknown): readonly Found[] {
  if (attachments === undefined) return [];
  if (!Array.isArray(attachments)) return found('invalid_attachments', ['attachments: no list']);
  if (attachments.length > ATTACHMENTS) {
    return found('too_many_attachments', [`attachments: more than ${ATTACHMENTS} (${attachments.length})`]);
  }
  return found(
    'invalid_attachments',
    attachments.flatMap((attachment, index) => attachmentFaults(attachment, `attachments[${index}]`)),
  );
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || ((typeof value === 'string' || Array.isArray(value)) && value.length === 0);

function find(payload: unknown): readonly Found[] {
  if (!isObject(payload)) return found('invalid_payload', ['payload: no object']);
  const { text, blocks, attachments } = payload;
  if (isEmpty(text) && isEmpty(blocks) && isEmpty(attachments))
    return found('no_text', ['payload: neither text nor blocks nor attachments']);
  const length = textLength(blocks) + textLength(attachments);
  return [
    ...found(
      'invalid_payload',
      Object.keys(payload).flatMap((key) => (MEMBERS.has(key) ? [] : [`${key}: unknown member`])),
    ),
    ...textFaults(text),
    ...(blocks === undefined ? [] : found('invalid_blocks', blockFaults(blocks, 'blocks'))),
    ...attachmentsFaults(attachments),
    ...(length > ALL_BLOCKS_LENGTH
      ? found('msg_blocks_too_long', [`blocks: ${length} characters over all, more than 12,000`])
      : []),
  ];
}

/**
 * Every reason for which Slack would refuse a message; empty if it takes it.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export const validateMessage = (payload: unknown): readonly string[] =>
  find(payload).map(({ error, fault }) => `${error}: ${fault}`);

/** The word with which Slack refuses a message; `undefined` if it takes it. */
export const slackErrorFor = (payload: unknown): SlackError | undefined => find(payload)[0]?.error;
