import { describe, expect } from 'vitest';
import { itInChromium, openPage } from '../local/page/browser.ts';
import { galleryCards } from './cards.ts';
import { galleryPage } from './gallery-page.ts';

/** How high each card is where the page is as wide as a phone. */
async function heightsOf(names: readonly string[]): Promise<readonly number[]> {
  const page = await openPage('about:blank', { path: '', viewport: { width: 390 + 2 * 16, height: 844 } });
  await page.setContent(galleryPage(galleryCards().filter(({ name }) => names.includes(name))));
  return Promise.all(
    names.map(async (name) => (await page.locator(`[id="${name}"] .card`).boundingBox())?.height ?? Number.NaN),
  );
}

describe('on a phone', () => {
  itInChromium('forty calls of which one is a stop take less than a screen', async () => {
    const [newFlows, oneStop, refusals, sessions] = await heightsOf([
      'fold-of-new-flows',
      'fold-with-one-stop',
      'fold-of-refusals',
      'fold-of-sessions',
    ]);
    expect(newFlows).toBeLessThan(700);
    expect(oneStop).toBeLessThan(700);
    expect(refusals).toBeLessThan(450);
    expect(sessions).toBeLessThan(450);
  });
});
