import { expect, it } from 'vitest';
import { validateMessage } from '../../local/slack/validate-message.ts';
import { OPERATIONS } from '../../shared/call/operations.ts';
import { CARD_STYLES } from '../../shared/slack/style.ts';
import { liveSyntax } from '../live-syntax.ts';
import { galleryCards, sentenceRows } from './cards.ts';
import { galleryPage, sentencesPage } from './gallery-page.ts';

const cards = galleryCards();

it('has a card of each operation family, principal kind, outcome and summary, each with a name of its own', () => {
  const names = cards.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(
    Map.groupBy(cards, ({ section }) => section)
      .keys()
      .toArray(),
  ).toEqual([
    'Operations',
    'Out of the ordinary',
    'What came of it',
    'Principals',
    'Many calls, and the notifier itself',
  ]);
  expect(names).toEqual(
    expect.arrayContaining(['denied', 'failed', 'unknown-operation', 'correction', 'late', 'hostile']),
  );
  expect(names).toEqual(
    expect.arrayContaining([
      'outcome',
      'outcome-with-source',
      'outcome-of-a-take',
      'outcome-in-error',
      'outcome-later',
      'trouble',
      'trouble-with-an-alert',
      'silence',
      'untouched',
      'untouched-and-back',
      'untouched-since-a-call',
      'maintenance',
      'untouched-corrected',
      'end',
    ]),
  );
  expect(names).toEqual(expect.arrayContaining(['fold', 'digest', 'fallback', 'redirected', 'summary-quiet']));
});

it.each(cards)('shows $name as Slack would take it, inert', ({ message }) => {
  expect(validateMessage(message)).toEqual([]);
  expect(liveSyntax(message, ['<!here>', '<!subteam^S0ONCALL>'])).toEqual([]);
});

it('makes one page of them that needs nothing else', () => {
  const html = galleryPage(cards);
  expect(cards.filter(({ name }) => !html.includes(`<figure id="${name}"`))).toEqual([]);
  expect(html).not.toMatch(/<(?:script|link|img|iframe)\b/);
});

it('shows every look that a call can have', () => {
  const texts = cards.map(({ message }) => message.text);
  const missing = Object.values(CARD_STYLES).filter(({ emoji }) => !texts.some((text) => text.startsWith(emoji)));
  expect(missing).toEqual([]);
});

it('has a table of what is said of every operation, that it worked, was refused and failed', () => {
  const rows = sentenceRows();
  const html = sentencesPage(rows);
  expect(rows.map(({ operation }) => operation).toSorted()).toEqual(Object.keys(OPERATIONS).toSorted());
  expect(rows.filter(({ texts }) => texts.length !== 3 || !texts[1]?.startsWith('⛔ Denied: '))).toEqual([]);
  expect(rows.filter(({ texts }) => !texts[2]?.startsWith('⚠️ Failed, not found: '))).toEqual([]);
  expect(html).toContain('<td>🔴 Off air: flow CupFinal-Main stopped by jane@example.org as role Operators');
  expect(html).not.toMatch(/<(?:script|link|img|iframe)\b/);
});
