import { describe, expect, it } from 'vitest';
import { slackErrorFor, validateMessage } from '../../../local/slack/validate-message.ts';

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const plainText = (text: string) => ({ type: 'plain_text', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const repeat = <Value>(count: number, value: Value): readonly Value[] => Array.from({ length: count }, () => value);
const button = { type: 'button', text: plainText('Open'), url: 'https://example.org/' };
const image = { type: 'image', image_url: 'https://example.org/a.png', alt_text: 'a' };

describe('what Slack takes', () => {
  it.each<[string, unknown]>([
    ['text alone', { text: 'hello' }],
    ['blocks alone', { blocks: [section('hello')] }],
    ['attachments alone', { attachments: [{ color: '#e01e5a', blocks: [section('hello')] }] }],
    ['an attachment of the old kind', { attachments: [{ color: 'good', text: 'hello', fallback: 'hello' }] }],
    [
      'every block there is a rule for',
      {
        text: 'hello',
        unfurl_links: false,
        blocks: [
          { type: 'header', text: { ...plainText('x'.repeat(150)), emoji: false } },
          { ...section('x'.repeat(3000)), block_id: 'a', expand: true, accessory: button },
          { type: 'section', fields: repeat(10, { ...mrkdwn('x'.repeat(800)), verbatim: true }) },
          { type: 'context', elements: repeat(10, plainText('x')) },
          { type: 'divider' },
          { type: 'actions', elements: repeat(25, { ...button, style: 'primary' }) },
          { ...image, title: plainText('x') },
          {
            type: 'rich_text',
            elements: [
              { type: 'rich_text_section', elements: [{ type: 'text', text: 'x', style: { bold: true } }] },
              {
                type: 'rich_text_list',
                style: 'bullet',
                elements: [{ type: 'rich_text_section', elements: [{ type: 'date', timestamp: 1, format: '{date}' }] }],
              },
            ],
          },
        ],
      },
    ],
  ])('%s', (_, payload) => {
    expect(validateMessage(payload)).toEqual([]);
    expect(slackErrorFor(payload)).toBeUndefined();
  });
});

describe('what Slack refuses', () => {
  it.each<[string, unknown]>([
    ['no_text: payload: neither text nor blocks nor attachments', { text: '', blocks: [], attachments: null }],
    ['invalid_payload: payload: no object', 'hello'],
    ['invalid_payload: text: no string', { text: 7 }],
    ['invalid_payload: text: longer than 40,000 characters (40001)', { text: 'x'.repeat(40_001) }],
    ['invalid_payload: timeout: unknown member', { text: 'x', timeout: 5 }],
    ['invalid_blocks: blocks: no list', { text: 'x', blocks: {} }],
    ['invalid_blocks: blocks: empty', { text: 'x', blocks: [] }],
    ['invalid_blocks: blocks: more than 50 (51)', { blocks: repeat(51, { type: 'divider' }) }],
    ['invalid_blocks: blocks[0]: no object', { blocks: ['x'] }],
    ['invalid_blocks: blocks[0].type: unknown type "poem"', { blocks: [{ type: 'poem' }] }],
    ['invalid_blocks: blocks[0].type: unknown type "constructor"', { blocks: [{ type: 'constructor' }] }],
    ['invalid_blocks: blocks[0].text.text: empty', { blocks: [section('')] }],
    [
      'invalid_blocks: blocks[0].text.text: longer than 3,000 characters (3,001)',
      { blocks: [section('x'.repeat(3001))] },
    ],
    [
      'invalid_blocks: blocks[0].text.verbatim: no boolean',
      { blocks: [{ type: 'section', text: { ...mrkdwn('x'), verbatim: 1 } }] },
    ],
    ['invalid_blocks: blocks[0]: a section needs text or fields', { blocks: [{ type: 'section' }] }],
    [
      'invalid_blocks: blocks[0].fields: more than 10 (11)',
      { blocks: [{ type: 'section', fields: repeat(11, mrkdwn('x')) }] },
    ],
    [
      'invalid_blocks: blocks[0].fields[0].text: longer than 2,000 characters (2,001)',
      { blocks: [{ type: 'section', fields: [mrkdwn('x'.repeat(2001))] }] },
    ],
    ['invalid_blocks: blocks[0].text: missing', { blocks: [{ type: 'header' }] }],
    ['invalid_blocks: blocks[0].text.type: unknown type "mrkdwn"', { blocks: [{ type: 'header', text: mrkdwn('x') }] }],
    [
      'invalid_blocks: blocks[0].text.text: longer than 150 characters (151)',
      { blocks: [{ type: 'header', text: plainText('x'.repeat(151)) }] },
    ],
    [
      'invalid_blocks: blocks[0].elements: more than 10 (11)',
      { blocks: [{ type: 'context', elements: repeat(11, mrkdwn('x')) }] },
    ],
    ['invalid_blocks: blocks[0].elements: empty', { blocks: [{ type: 'context', elements: [] }] }],
    [
      'invalid_blocks: blocks[0].elements: more than 25 (26)',
      { blocks: [{ type: 'actions', elements: repeat(26, button) }] },
    ],
    [
      'invalid_blocks: blocks[0].elements[0].url: no URL',
      { blocks: [{ type: 'actions', elements: [{ ...button, url: 'x' }] }] },
    ],
    [
      'invalid_blocks: blocks[0].elements[0].style: not one of primary, danger',
      { blocks: [{ type: 'actions', elements: [{ ...button, style: 'loud' }] }] },
    ],
    ['invalid_blocks: blocks[0].alt_text: missing', { blocks: [{ type: 'image', image_url: 'https://example.org/' }] }],
    [
      'invalid_blocks: blocks[0].block_id: longer than 255 characters (256)',
      { blocks: [{ type: 'divider', block_id: 'x'.repeat(256) }] },
    ],
    ['invalid_blocks: blocks[0].colour: unknown member', { blocks: [{ type: 'divider', colour: 'red' }] }],
    ['invalid_attachments: attachments: no list', { attachments: 'x' }],
    ['invalid_attachments: attachments[0]: no object', { attachments: ['x'] }],
    ['invalid_attachments: attachments[0]: neither blocks nor text', { attachments: [{ color: '#e01e5a' }] }],
    ['invalid_attachments: attachments[0].color: no colour', { attachments: [{ color: 'mauve', text: 'x' }] }],
    ['invalid_attachments: attachments[0].text: no string', { attachments: [{ text: 7 }] }],
    ['invalid_attachments: attachments[0].blocks: empty', { attachments: [{ blocks: [] }] }],
    ['too_many_attachments: attachments: more than 100 (101)', { attachments: repeat(101, { text: 'x' }) }],
    [
      'msg_blocks_too_long: blocks: 12001 characters over all, more than 12,000',
      { blocks: [...repeat(4, section('x'.repeat(2900))), section('x'.repeat(401))] },
    ],
  ])('%s', (fault, payload) => {
    expect(validateMessage(payload)).toContain(fault);
    expect(slackErrorFor(payload)).toBe(fault.slice(0, fault.indexOf(':')));
  });

  it('counts the blocks of attachments too', () => {
    const attachments = [{ blocks: repeat(4, section('x'.repeat(3000))) }];
    expect(validateMessage({ blocks: [section('x')], attachments })).toEqual([
      'msg_blocks_too_long: blocks: 12001 characters over all, more than 12,000',
    ]);
  });
});
