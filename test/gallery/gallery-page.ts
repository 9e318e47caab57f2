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
export function slackStyles(): string {
  const library = readFileSync(createRequire(import.meta.url).resolve('slack-blocks-to-jsx/dist/style.css'), 'utf8');
  return library.replaceAll('#slack_blocks_to_jsx', `[data-scope=${SLACK_SCOPE}]`) + ATTACHMENT_STYLE;
}

const STYLE = `
body { margin: 0; padding: 24px; font: 15px/1.46 Lato, 'Noto Sans', system-ui, sans-serif; background: #f4f4f6; color: #1d1c1d; }
h1, h2 { font-weight: 700; } h2 { margin-top: 40px; }
.cards { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
figure { margin: 0; width: 420px; max-width: 100%; }
figcaption { color: #616061; padding: 4px 2px; font-size: 13px; }
.card { display: grid; grid-template-columns: 36px 1fr; gap: 0 10px; background: #fff; padding: 14px 16px; border-radius: 10px; }
.card > * { min-width: 0; }
.avatar { width: 36px; height: 36px; border-radius: 8px; background: #4a154b; color: #fff; display: grid; place-items: center; font-size: 18px; }
.sender b { font-size: 15px; } .sender { color: #616061; font-size: 12px; }
.push { margin: 0 0 8px; padding: 8px 12px; border-radius: 10px; background: #e7e7ea; font-size: 13px; overflow-wrap: anywhere; }
.wide { width: 640px; }
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

/** Slack says moments of today in the reader's own words; a picture has one reader, in London. */
const sayDates = (html: string): string =>
  html.replaceAll(
    /(<time [^>]*?data-format="([^"]*)"[^>]*>)\d{4}-\d\d-(\d\d) (\d\d:\d\d:\d\d) UTC<\/time>/g,
    (_, open: string, format: string, day: string, time: string) =>
      `${open}${format.includes('pretty') ? `${day === '22' ? 'Today' : 'Yesterday'} ` : ''}${time}</time>`,
  );

function figure({ name, message }: GalleryCard): string {
  const isLong = (message.blocks?.length ?? 0) > 1;
  return `<figure id="${name}"${isLong ? ' class="wide"' : ''}>
<p class="push" lang="en">${escapeHtml(spoken(message.text).slice(0, 180))}</p>
<div class="card"><div class="avatar" aria-hidden="true">📡</div><div><div class="sender"><b>MediaConnect</b> APP 20:00</div>
${sayDates(renderMessageHtml(message)).replaceAll('@S0ONCALL', '@on-call')}</div></div>
<figcaption>${name}</figcaption></figure>`;
}

/** A page that needs nothing else, with a picture of each card: the push notification above, the message below. */
export function galleryPage(cards: readonly GalleryCard[]): string {
  const sections = Map.groupBy(cards, ({ section }) => section);
  const body = Array.from(
    sections,
    ([section, ofSection]) => `<h2>${section}</h2><div class="cards">${ofSection.map(figure).join('\n')}</div>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>What operators read</title><style>${slackStyles()}${STYLE}</style></head><body><h1>What operators read</h1>
<p>Every kind of message, made from CloudTrail records by <code>npm run gallery</code>. In grey, the push notification.</p>
${body.join('\n')}</body></html>`;
}
