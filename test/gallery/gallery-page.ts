import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { renderMessageHtml, SLACK_SCOPE } from '../../local/page/render-message-html.ts';
import type { GalleryCard } from './cards.ts';

const ATTACHMENT_STYLE = `
.slack-message { max-width: 640px; overflow-wrap: anywhere; }
.slack-attachment { position: relative; padding-left: 16px; margin-top: 4px; }
.slack-bar { position: absolute; inset: 0 auto 0 0; width: 4px; height: 100%; border-radius: 4px; }
.slack-message time { background: color-mix(in srgb, currentColor 8%, transparent); border-radius: 3px; padding: 0 2px; }
`;

/** The style sheet for what `renderMessageHtml` makes. */
function slackStyles(): string {
  const library = readFileSync(createRequire(import.meta.url).resolve('slack-blocks-to-jsx/dist/style.css'), 'utf8');
  return library.replaceAll('#slack_blocks_to_jsx', `[data-scope=${SLACK_SCOPE}]`) + ATTACHMENT_STYLE;
}

const STYLE = `
body { margin: 0; padding: 16px; font: 15px/1.46 Lato, 'Noto Sans', system-ui, sans-serif; background: #f4f4f6; color: #1d1c1d; }
h1, h2 { font-weight: 700; } h2 { margin-top: 40px; }
.cards { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
figure { margin: 0; width: 390px; max-width: 100%; }
figcaption { color: #616061; padding: 4px 2px; font-size: 13px; }
.card { display: grid; grid-template-columns: 36px 1fr; gap: 0 10px; background: #fff; padding: 14px 16px; border-radius: 10px; }
.card > * { min-width: 0; }
.avatar { width: 36px; height: 36px; border-radius: 8px; background: #4a154b; color: #fff; display: grid; place-items: center; font-size: 18px; }
.sender b { font-size: 15px; } .sender { color: #616061; font-size: 12px; }
.push { margin: 0 0 8px; padding: 8px 12px; border-radius: 10px; background: #e7e7ea; font-size: 13px; overflow-wrap: anywhere; }
table { border-collapse: collapse; background: #fff; } th, td { text-align: left; vertical-align: top; padding: 6px 10px; border-bottom: 1px solid #ddd; font-size: 13px; }
`;

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Slack's words for its own syntax, as a push notification has them. */
const spoken = (text: string): string =>
  text
    .replaceAll(/<!(here|channel)>/g, '@$1')
    .replaceAll(/<!subteam\^\w+>/g, '@on-call')
    .replaceAll(/<[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Of a push notification a phone shows so much. */
const PUSH_LENGTH = 178;

const shownBy = (text: string): string => {
  const said = spoken(text);
  return said.length > PUSH_LENGTH ? `${said.slice(0, PUSH_LENGTH)}…` : said;
};

/** Slack says moments of today in the reader's own words; a picture has one reader, in London. */
const sayDates = (html: string): string =>
  html.replaceAll(
    /(<time [^>]*?data-format="([^"]*)"[^>]*>)\d{4}-\d\d-(\d\d) (\d\d:\d\d:\d\d) UTC<\/time>/g,
    (_, open: string, format: string, day: string, time: string) =>
      `${open}${format.includes('pretty') ? `${day === '22' ? 'Today' : 'Yesterday'} ` : ''}${time}</time>`,
  );

function figure({ name, message }: GalleryCard): string {
  return `<figure id="${name}">
<p class="push" lang="en">${escapeHtml(shownBy(message.text))}</p>
<div class="card"><div class="avatar" aria-hidden="true">📡</div><div><div class="sender"><b>MediaConnect</b> APP 20:00</div>
${sayDates(renderMessageHtml(message)).replaceAll('@S0ONCALL', '@on-call')}</div></div>
<figcaption>${name}</figcaption></figure>`;
}

const pageOf = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${slackStyles()}${STYLE}</style></head><body><h1>${title}</h1>
${body}</body></html>`;

/** A page that needs nothing else, with a picture of each card: the push notification above, the message below, as wide as a phone. */
export function galleryPage(cards: readonly GalleryCard[]): string {
  const sections = Map.groupBy(cards, ({ section }) => section);
  const body = Array.from(
    sections,
    ([section, ofSection]) => `<h2>${section}</h2><div class="cards">${ofSection.map(figure).join('\n')}</div>`,
  );
  return pageOf(
    'What operators read',
    `<p>Every kind of message, made from CloudTrail records by <code>npm run gallery</code>. In grey, the push notification. <a href="sentences.html">The sentence of every operation</a>.</p>
${body.join('\n')}`,
  );
}

/** What a push notification says of an operation: of a call that worked, that was refused, that failed. */
export interface SentenceRow {
  readonly operation: string;
  readonly texts: readonly string[];
}

/** A table of what is said of every operation. */
export function sentencesPage(rows: readonly SentenceRow[]): string {
  const cells = (texts: readonly string[], tag: 'td' | 'th'): string =>
    texts.map((text) => `<${tag}>${escapeHtml(spoken(text))}</${tag}>`).join('');
  const head = cells(['Operation', 'Succeeded', 'Denied', 'Failed'], 'th');
  const body = rows.map(({ operation, texts }) => `<tr id="${operation}">${cells([operation, ...texts], 'td')}</tr>`);
  return pageOf(
    `${rows.length} operations`,
    `<table><thead><tr>${head}</tr></thead><tbody>
${body.join('\n')}
</tbody></table>
`,
  );
}
