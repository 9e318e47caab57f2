import { expect, it } from 'vitest';
import { validateMessage } from '../../local/slack/validate-message.ts';
import { liveSyntax } from '../live-syntax.ts';
import { galleryCards } from './cards.ts';
import { galleryPage } from './gallery-page.ts';

const cards = galleryCards();

it('has a card of each operation family, principal kind, outcome and summary, each with a name of its own', () => {
  const names = cards.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(
    Map.groupBy(cards, ({ section }) => section)
      .keys()
      .toArray(),
  ).toEqual(['Operations', 'Out of the ordinary', 'Principals', 'Many calls, and the notifier itself']);
  expect(names).toEqual(
    expect.arrayContaining(['denied', 'failed', 'unknown-operation', 'correction', 'late', 'hostile']),
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
