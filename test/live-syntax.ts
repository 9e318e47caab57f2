/** Slack's own syntax that our messages write: dates, our links, and the mentions that a channel configures. */
const OURS = [
  /<!date\^\d+\^\{[a-z_]+\}(?: \{time_secs\})?(?:\^https:\/\/[\w./?#&=:;%@+,~-]+)?\|[\d :-]+ UTC>/g,
  /<https:\/\/[\w./?#&=:;%@+,~-]+\|(?:Open flow|Open MediaConnect|[\da-f-]{36})>/g,
];

const CODE_SPAN = /`[^`\n]*`/g;

/** What must not be in what is left, and what it would do. */
const LIVE: readonly (readonly [string, RegExp])[] = [
  ['angle bracket', /[<>]/],
  ['ampersand that is no entity', /&(?!(?:amp|lt|gt);)/],
  ['unseen character', /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u],
];
const LIVE_OUTSIDE_CODE: readonly (readonly [string, RegExp])[] = [
  ['stray backtick', /`/],
  ['strike', /~/],
  ['link', /:\/\/|www\./i],
  ['mention', /@(?:here|channel|everyone)/i],
  ['emoji code', /:[a-z\p{Ll}\p{Lo}\p{N}_+'-]+:/iu],
];

const stringsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
};

/** Everything in a message that Slack would bring to life and that is not ours; empty if the message is inert. */
export function liveSyntax(message: unknown, mentions: readonly string[] = []): readonly string[] {
  return [...domainsIn(message), ...linkingIn(message), ...liveIn(message, mentions)];
}

/** Texts in which Slack would make links and mentions out of words. */
function linkingIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const isLinking = 'type' in value && value.type === 'mrkdwn' && !('verbatim' in value && value.verbatim === true);
  return [...(isLinking ? [`not verbatim: ${JSON.stringify(value)}`] : []), ...Object.values(value).flatMap(linkingIn)];
}

const withoutOurs = (text: string, mentions: readonly string[]): string =>
  [...OURS, ...mentions].reduce<string>((rest, ours) => rest.replaceAll(ours, ''), text);

/** Where a message shows its `text`, Slack makes links of bare domains and addresses; beside blocks that only notifies. */
function domainsIn(message: unknown): readonly string[] {
  if (typeof message !== 'object' || message === null || 'blocks' in message) return [];
  const text = 'text' in message ? String(message.text) : '';
  const outside = withoutOurs(text, []).replaceAll(CODE_SPAN, '');
  return /[\p{L}\p{N}_-]\.\p{L}{2}/u.test(outside) ? [`domain in ${JSON.stringify(text)}`] : [];
}

function liveIn(message: unknown, mentions: readonly string[]): readonly string[] {
  return stringsIn(message).flatMap((text) => {
    const foreign = withoutOurs(text, mentions);
    const outside = foreign.replaceAll(CODE_SPAN, '');
    return [
      ...LIVE.filter(([, pattern]) => pattern.test(foreign)),
      ...LIVE_OUTSIDE_CODE.filter(([, pattern]) => pattern.test(outside)),
    ].map(([what]) => `${what} in ${JSON.stringify(text)}`);
  });
}
