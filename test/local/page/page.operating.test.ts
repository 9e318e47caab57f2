import { describe, expect } from 'vitest';
import { recordWithoutSecrets } from '../../../shared/notification/shown-record.ts';
import { itInChromium, openPage, servePage } from './browser.ts';
import { aNotifiedEvent, aPayload, FakePageSource } from './fake-page-source.ts';

describe('operating the page', () => {
  itInChromium('opens the details of a message: why it was reported, the event, the payload', async () => {
    const source = new FakePageSource();
    source.post({ id: 'a', payload: aPayload('jane stopped flow AwardsShow') });
    const page = await openPage((await servePage(source)).url);
    await page.getByRole('article').hover();
    await page.getByRole('button', { name: 'Details' }).click();
    const drawer = page.getByRole('dialog', { name: 'Details' });
    await drawer.getByText('The rule changes reports #ops at once of such calls.').waitFor();
    const condition = drawer.getByRole('row', { name: /detail\.readOnly/ });
    expect(await condition.locator('code').allTextContents()).toEqual(['detail.readOnly', 'false', 'false']);
    expect(await drawer.locator('.facts').last().textContent()).toContain('off-air');

    await drawer.getByRole('tab', { name: 'Event' }).click();
    expect(JSON.parse(String(await drawer.getByRole('region', { name: 'event' }).textContent()))).toEqual(
      recordWithoutSecrets(aNotifiedEvent().event),
    );
    await drawer.getByRole('tab', { name: 'Slack payload' }).click();
    const payload = String(await drawer.getByRole('region', { name: 'Slack payload' }).textContent());
    expect(JSON.parse(payload)).toEqual(aPayload('jane stopped flow AwardsShow'));

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await drawer.getByRole('button', { name: 'Copy Slack payload' }).click();
    await drawer.getByRole('button', { name: 'Copied Slack payload' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(payload);
  });

  itInChromium('lets one go through the calls of a message that reports many', async () => {
    const source = new FakePageSource();
    const second = aNotifiedEvent({ eventId: 'two', result: 'folded' }, { eventName: 'StartFlow' });
    source.post({ id: 'a', events: [aNotifiedEvent(), second] });
    const page = await openPage((await servePage(source)).url);
    await page.getByRole('article').hover();
    await page.getByRole('button', { name: 'Details of 2 calls' }).click();
    await page.getByLabel('Call').selectOption('2 of 2: StartFlow (succeeded)');
    await page.getByText('in a message with other calls').waitFor();
  });

  itInChromium('says so when a call of a message cannot be read', async () => {
    const source = new FakePageSource();
    source.post({
      id: 'a',
      events: [aNotifiedEvent(), aNotifiedEvent({ eventId: 'two' }, { eventName: 'StartFlow' })],
    });
    const { url, close } = await servePage(source);
    // An address that nobody could decode names no channel: the first one is shown.
    const page = await openPage(url, { path: '/#100%' });
    await page.getByRole('article').hover();
    await page.getByRole('button', { name: 'Details of 2 calls' }).click();
    await page.getByText('The rule changes reports #ops').waitFor();
    await close();
    await page.getByLabel('Call').selectOption('2 of 2: StartFlow (succeeded)');
    await page.getByText('The details could not be read').first().waitFor();
  });

  itInChromium('shows what a message tells when that is known later', async () => {
    const source = new FakePageSource();
    source.post({ id: 'a', events: [] });
    const page = await openPage((await servePage(source)).url);
    await page.getByRole('article').hover();
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByText('No call stands behind this message').first().waitFor();
    source.post({ id: 'a', events: [aNotifiedEvent()] });
    await page.getByText('The rule changes reports #ops').waitFor();
  });

  itInChromium('sends calls and sets what Slack answers', async () => {
    const source = new FakePageSource();
    const page = await openPage((await servePage(source)).url);
    await page.getByRole('button', { name: 'Send a sample call' }).click();
    await page.getByText('Sent StopFlow of AwardsShow.').waitFor();
    await page.getByRole('button', { name: 'Send a Terraform run' }).click();
    await page.getByText('Sent a Terraform run of 60 calls.').waitFor();
    for (const fault of ['429', '500', 'nothing', 'ok'])
      await page.getByRole('radio', { name: fault, exact: true }).check();
    await expect
      .poll(() => source.asked)
      .toEqual(['sample', 'burst', 'fault 429', 'fault 500', 'fault nothing', 'fault ok']);
  });

  itInChromium('keeps what was chosen for Slack while the pipeline has yet to hear of it', async () => {
    const source = new FakePageSource();
    const page = await openPage((await servePage(source)).url);
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    await page.route('**/api/slack-fault', async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole('radio', { name: '500' }).check();
    source.become({ received: 1234, slackFault: '429' });
    await page.getByText('1,234 calls').waitFor();
    expect(await page.getByRole('radio', { name: '500' }).isChecked()).toBe(true);
    letGo();
    await page.getByText('Slack answers 500.').waitFor();
    expect(await page.getByRole('radio', { name: '500' }).isChecked()).toBe(true);
  });

  itInChromium('goes back to what Slack answers when a choice was refused', async () => {
    const source = new FakePageSource();
    const page = await openPage((await servePage(source)).url);
    await page.route('**/api/slack-fault', (route) => route.fulfill({ status: 403, json: { said: 'not from here' } }));
    await page.getByRole('radio', { name: '500' }).click();
    await page.getByText('Not done: not from here').waitFor();
    await expect.poll(() => page.getByRole('radio', { name: 'ok', exact: true }).isChecked()).toBe(true);
  });

  itInChromium('shows where the events are, and what was given up', async () => {
    const source = new FakePageSource();
    const page = await openPage((await servePage(source)).url);
    const pipeline = page.getByRole('complementary', { name: 'Pipeline' });
    source.become({
      received: 1240,
      ownEvents: 6,
      queues: [{ name: 'immediate', waiting: 7, inFlight: 3, held: 2, nextTryAtMs: Date.UTC(2026, 10, 22, 20, 0, 9) }],
      deadLettered: 2,
      deadLetters: [{ eventId: 'e-1', operation: 'StopFlow', reason: 'channel_not_found' }],
      slackFault: '500',
    });
    await pipeline.getByText('Answers 500:').waitFor();
    expect(await pipeline.locator('.station').allTextContents()).toEqual([
      'Came in1,234 calls6 of MediaConnect’s own events',
      'To be reported at once7 waiting for their turn3 being reported now2 held',
      expect.stringMatching(/^Slack.*Answers 500/),
      'Given up2 in the dead-letter queue, reported to nobody',
    ]);
    expect(await pipeline.locator('#dead-letter-list li').allTextContents()).toEqual([
      'StopFlow channel_not_found e-1',
      'and 1 before these',
    ]);
    // 20:00:09 UTC, in the reader's zone.
    await page.getByText('2 held until Slack takes messages. Next try at 21:00:09.').waitFor();
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('Trying 3 calls now.').waitFor();
    expect(source.asked).toEqual(['try now']);
    expect(await page.getByRole('radio', { name: '500' }).isChecked()).toBe(true);
  });

  itInChromium('can be used by keyboard alone', async () => {
    const source = new FakePageSource();
    source.post({ id: 'a' });
    source.post({ id: 'b' });
    const page = await openPage((await servePage(source)).url);
    await page.getByRole('article', { name: 'message b' }).waitFor();
    const focused = () => page.evaluate('document.activeElement.ariaLabel ?? document.activeElement.id');

    await page.keyboard.press('j');
    expect(await focused()).toBe('message b');
    await page.keyboard.press('k');
    expect(await focused()).toBe('message a');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Details' }).waitFor();
    expect(await focused()).toBe('drawer-title');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Details' }).waitFor({ state: 'hidden' });
    expect(await focused()).toBe('message a');

    // The dialog's own `close` comes after it is hidden, and until then keys are the dialog's.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    await page.keyboard.press('/');
    await page.keyboard.type('message b');
    expect(source.asked).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+ArrowDown');
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('#reads');
    await page.keyboard.press('s');
    await expect.poll(() => source.asked).toEqual(['sample']);

    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: 'Use single-key shortcuts' }).uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('#ops');
    expect(source.asked).toEqual(['sample']);
  });
});
