import { blockFaults, type Fault, isObject } from './block-rules.ts';

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
