import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SLACK_SCOPE } from './render-message-html.ts';

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
