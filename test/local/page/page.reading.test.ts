import { describe, expect } from 'vitest';
import { complaints, itInChromium, openPage, servePage } from './browser.ts';
import { aPayload, FakePageSource } from './fake-page-source.ts';

const MINUTE_MS = 60_000;
const NOON = Date.UTC(2026, 10, 22, 12);

describe('reading on the page', () => {
  itInChromium('shows the messages of a channel as Slack would, dates in the reader’s time', async () => {
    const source = new FakePageSource();
    source.post({ id: 'a', payload: aPayload('jane stopped flow AwardsShow') });
    const page = await openPage((await servePage(source)).url);
    const message = page.getByRole('article');
    await expect.poll(() => message.textContent()).toMatch(/🔴\sjane stopped flow AwardsShow/);
    expect(await message.textContent()).toContain('When  22 Nov 2026 21:00:00');
    expect(await message.locator('.slack-bar rect').getAttribute('fill')).toBe('#e01e5a');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('#ops');
    expect(complaints(page)).toEqual([]);
  });

  itInChromium('shows a message the moment it arrives, and says it to a screen reader', async () => {
    const source = new FakePageSource();
    const page = await openPage((await servePage(source)).url);
    await page.getByText('Nothing in #ops yet').waitFor();
    source.post({ id: 'a', payload: aPayload('jane stopped flow AwardsShow') });
    await page.getByRole('article', { name: 'jane stopped flow AwardsShow' }).waitFor();
    expect(await page.getByRole('log').textContent()).toContain('jane stopped flow AwardsShow');
    expect(await page.getByText('Nothing in #ops yet').isVisible()).toBe(false);
  });

  itInChromium('counts what was not read in other channels, until one goes there', async () => {
    const source = new FakePageSource();
    const page = await openPage((await servePage(source)).url);
    const reads = page.getByRole('link', { name: 'reads' });
    await reads.waitFor();
    source.post({ id: 'a', channel: 'reads' });
    source.post({ id: 'b', channel: 'reads' });
    await page.getByRole('link', { name: 'reads 2 unread' }).click();
    await expect.poll(() => reads.textContent()).not.toContain('2');
    expect(await page.getByRole('article').count()).toBe(2);
    expect(await page.title()).toBe('#reads · MediaConnect notifier');

    await page.reload();
    await page.getByRole('article').first().waitFor();
    expect(await page.getByText('unread').count()).toBe(0);
  });

  itInChromium('does not move the text under somebody who reads further up', async () => {
    const source = new FakePageSource();
    for (let at = 0; at < 40; at += 1) source.post({ id: `m${at}`, postedAtMs: NOON + at * MINUTE_MS });
    const page = await openPage((await servePage(source)).url);
    const scroller = "document.querySelector('#messages')";
    await page.getByRole('article', { name: 'message m39' }).waitFor();
    await page.evaluate(`${scroller}.scrollTo(0, 100)`);
    source.post({ id: 'late', postedAtMs: NOON + 41 * MINUTE_MS });
    const newer = page.getByRole('button', { name: '1 new message' });
    await newer.waitFor();
    expect(await page.evaluate(`${scroller}.scrollTop`)).toBe(100);
    await newer.click();
    await expect.poll(() => page.getByRole('article', { name: 'message late' }).isVisible()).toBe(true);
    await newer.waitFor({ state: 'hidden' });
  });

  itInChromium('finds messages of all channels, by what they show and what they report', async () => {
    const source = new FakePageSource();
    source.post({ id: 'a', payload: aPayload('jane stopped flow AwardsShow') });
    source.post({ id: 'b', payload: aPayload('omar granted an entitlement'), channel: 'reads' });
    const page = await openPage((await servePage(source)).url);
    const search = page.getByRole('searchbox');
    await page.getByRole('article').waitFor();
    const found = () => page.evaluate(`Array.from(document.querySelectorAll('article'), ({ ariaLabel }) => ariaLabel)`);

    await search.fill('ENTITLEMENT omar');
    await expect.poll(found).toEqual(['omar granted an entitlement']);
    await search.fill('stopflow succeeded');
    await expect.poll(found).toEqual(['jane stopped flow AwardsShow', 'omar granted an entitlement']);
    await search.fill('nobody');
    await page.getByText('No message holds “nobody”').waitFor();
    await search.press('Escape');
    await expect.poll(found).toEqual(['jane stopped flow AwardsShow']);
  });

  itInChromium('says that the connection is lost, and catches up when it is back', async () => {
    const source = new FakePageSource();
    source.post({ id: 'a' });
    const first = await servePage(source);
    const page = await openPage(first.url);
    await page.getByRole('article', { name: 'message a' }).waitFor();
    await first.close();
    await page.getByText('Connection lost.').waitFor();
    expect(await page.locator('#lamp').textContent()).toMatch(/lost/i);

    source.post({ id: 'b' });
    await servePage(source, Number(new URL(first.url).port));
    await page.getByRole('article', { name: 'message b' }).waitFor();
    await page.getByText('Connection lost.').waitFor({ state: 'hidden' });
    expect(await page.getByRole('article').count()).toBe(2);
  });
});
