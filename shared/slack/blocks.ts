import type { ContextBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import type { SlackMessage } from './slack-message.ts';

/** `verbatim` keeps Slack from making links and mentions out of words; what is written as one stays one. */
const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

/** `expand` keeps Slack from folding a long list behind "see more". */
export const section = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text), expand: true });

/** Small print. */
export const context = (text: string): ContextBlock => ({ type: 'context', elements: [mrkdwn(text)] });

/** The message without what its maker leaves out: nothing in it unfurls, so that a link shows no preview. */
export const message = (parts: Pick<SlackMessage, 'text' | 'blocks' | 'attachments'>): SlackMessage => ({
  ...parts,
  unfurl_links: false,
  unfurl_media: false,
});
