import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { complaints, itInChromium, openPage, servePage } from './browser.ts';
import { aNotifiedEvent, aPayload, FakePageSource } from './fake-page-source.ts';

const PHONE = { width: 390, height: 844 };
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, as `rule: first element`. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results: AxeResults = await page.evaluate('axe.run()');
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

function aBusySource(): FakePageSource {
  const source = new FakePageSource();
  source.post({ id: 'a', payload: aPayload('jane stopped flow AwardsShow') });
  source.post({ id: 'b', payload: aPayload('w'.repeat(300)), events: [aNotifiedEvent(), aNotifiedEvent()] });
  source.post({ id: 'c', channel: 'reads' });
  source.become({
    received: 9,
    queues: [{ name: 'immediate', waiting: 7, inFlight: 3, held: 2, nextTryAtMs: Date.UTC(2026, 10, 22, 20, 0, 9) }],
    deadLettered: 1,
    deadLetters: [{ eventId: 'e'.repeat(80), operation: undefined, reason: 'record is not JSON' }],
    slackFault: '429',
  });
  return source;
}

describe('the page for everybody', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [{ width: 1440, height: 900 }, PHONE]) {
      const where = `${colorScheme}, ${viewport.width} pixels wide`;
      itInChromium(`gives axe nothing to object to: ${where}`, async () => {
        const page = await openPage((await servePage(aBusySource())).url, { colorScheme, viewport });
        await page.getByRole('article').first().waitFor();
        expect(await violations(page)).toEqual([]);

        await page.locator('[data-open]').last().click({ force: true });
        await page.locator('.conditions').waitFor();
        expect(await violations(page)).toEqual([]);
        await page.getByRole('tab', { name: 'Event' }).click();
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press('Escape');

        await page.keyboard.press('?');
        await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press('Escape');

        await page.getByRole('searchbox').fill('nothing at all');
        await page.getByText('No message holds').waitFor();
        expect(await violations(page)).toEqual([]);
      });
    }
  }

  itInChromium('fits a phone: nothing is wider than the screen', async () => {
    const page = await openPage((await servePage(aBusySource())).url, { viewport: PHONE });
    await page.getByRole('article').first().waitFor();
    expect(await overflow(page)).toBe(0);

    await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('link', { name: 'reads 1 unread' }).click();
    await page.getByRole('article', { name: 'message c' }).waitFor();
    expect(await page.getByRole('navigation').isVisible()).toBe(false);

    await page.getByRole('button', { name: 'Pipeline' }).click();
    await page.getByText('record is not JSON').waitFor();
    expect(await overflow(page)).toBe(0);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Details' }).click();
    await page.locator('.conditions').waitFor();
    expect(await overflow(page)).toBe(0);
    await page.getByRole('button', { name: 'Close the details' }).click();
    await page.locator('.conditions').waitFor({ state: 'hidden' });
  });

  itInChromium('changes its colours on demand, and remembers', async () => {
    const page = await openPage((await servePage(new FakePageSource())).url, { colorScheme: 'light' });
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await ground()).toBe('rgb(255, 255, 255)');
    await page.getByRole('button', { name: 'Colours: as the system' }).click();
    await page.getByRole('button', { name: 'Colours: light' }).click();
    expect(await ground()).toBe('rgb(20, 25, 31)');
    await page.reload();
    await page.getByRole('button', { name: 'Colours: dark' }).waitFor();
    expect(await ground()).toBe('rgb(20, 25, 31)');
  });

  itInChromium('keeps text that wants to be markup as text', async () => {
    const attack = '<img src=x onerror="document.title=`owned`"><script>document.title=`owned`</script>';
    const source = new FakePageSource();
    const notified = aNotifiedEvent({ rule: undefined, reason: attack, eventId: attack }, { userAgent: attack });
    source.post({
      id: attack,
      payload: aPayload(`${attack} <javascript:alert(1)|x>`, `red"/>${attack}`),
      events: [notified],
    });
    source.become({ deadLettered: 1, deadLetters: [{ eventId: attack, operation: attack, reason: attack }] });
    const page = await openPage((await servePage(source)).url);
    await page.locator('[data-open]').click({ force: true });
    await page.getByText('The rule that matched is not deployed').waitFor();
    await page.getByRole('searchbox').fill('onerror');

    expect(await page.locator('img, article script, .pipeline script, .drawer script').count()).toBe(0);
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
    expect(await page.title()).not.toContain('owned');
    expect(complaints(page)).toEqual([]);
  });

  itInChromium('asks nobody else for anything', async () => {
    const source = aBusySource();
    const { url } = await servePage(source);
    const page = await openPage(url);
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    await page.reload();
    await page.locator('[data-open]').last().click({ force: true });
    await page.locator('.conditions').waitFor();
    expect(elsewhere).toEqual([]);
  });

  itInChromium('does not obey a form on another site', async () => {
    const source = new FakePageSource();
    const { url } = await servePage(source);
    const elsewhere = await openPage('data:text/html,<title>elsewhere</title>', { path: '' });
    const status = await elsewhere.evaluate(async (target) => {
      const response = await fetch(`${target}/api/burst`, { method: 'POST', mode: 'no-cors' }).catch(() => undefined);
      return response?.type ?? 'refused';
    }, url);
    expect(status).toMatch(/opaque|refused/);
    expect(source.asked).toEqual([]);
  });
});
