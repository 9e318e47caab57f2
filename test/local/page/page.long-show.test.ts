import { expect, it } from 'vitest';
import { PageFeed } from '../../../local/page/page-feed.ts';
import type { MessageCard } from '../../../local/page/page-protocol.ts';
import { itInChromium, openPage, servePage } from './browser.ts';
import { aPayload, FakePageSource } from './fake-page-source.ts';

const MESSAGES = 750;

function aLongShow(messages = MESSAGES): FakePageSource {
  const source = new FakePageSource();
  for (let index = 0; index < messages; index += 1) {
    source.post({ id: `m${index}`, payload: aPayload(`message number ${index}.`) });
  }
  return source;
}

it('draws what is seen first, and the rest newest first, until nobody listens', async () => {
  const source = aLongShow();
  source.post({ id: 'other', channel: 'reads' });
  const feed = new PageFeed({ source, bootId: 'boot-1', soon: () => undefined });
  const greeting = feed.greet(undefined, 0);
  const drawn = greeting.cards.filter(({ html }) => html !== undefined).map(({ id }) => id);
  expect([greeting.cards.length, drawn.length, drawn.at(-1), drawn.at(-2), drawn[0]]).toEqual([
    MESSAGES + 1,
    41,
    'other',
    'm749',
    'm710',
  ]);
  const later: MessageCard[] = [];
  await feed.drawRest(greeting, (card) => later.push(card) < 3);
  expect(later.map(({ id, html }) => [id, html?.includes('message number')])).toEqual([
    ['m709', true],
    ['m708', true],
    ['m707', true],
  ]);
  // What was drawn for one page is there at once for the next.
  expect(feed.greet(undefined, 0).cards.find(({ id }) => id === 'm708')?.html).toContain('message number');
});

itInChromium('is readable at once, and complete soon', async () => {
  const { url } = await servePage(aLongShow(200));
  const page = await openPage(url);
  await page.getByText('message number 199.', { exact: true }).first().waitFor();
  const body = 'li[data-id="m0"] .slack-message';
  await page.locator(body).waitFor({ state: 'attached' });
  const scroller = `document.getElementById('messages')`;
  // Whoever was at the end is still there.
  expect(await page.evaluate(`${scroller}.scrollHeight - ${scroller}.scrollTop - ${scroller}.clientHeight < 80`)).toBe(
    true,
  );
  await page.getByRole('searchbox').fill('number 123.');
  await page.getByText('1 message in all channels').waitFor();
});
