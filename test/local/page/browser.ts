import fastify from 'fastify';
import { type Browser, chromium, type Page } from 'playwright-core';
import { it, onTestFinished } from 'vitest';
import type { PageSource } from '../../../local/page/page-source.ts';
import { registerPage } from '../../../local/page/server.ts';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../gallery/find-chromium.ts';

// biome-ignore lint/style/noProcessEnv: says where the browser is, and whether it must be there
const { CHROMIUM_PATH, CI } = process.env;
const executablePath = findChromium(CHROMIUM_PATH);

/** A name in the hands of somebody else that was made to point at this machine. */
export const REBOUND_NAME = 'rebound.example';

/**
 * Chromium has begun to keep pages from what is on one's own machine by itself. Other browsers have not, and with it every
 * guard of ours could be missing and no test would see it.
 *
 * @see https://wicg.github.io/local-network-access/
 */
const UNPROTECTED = '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests';

/** One browser for all files that a worker runs: starting it takes longer than most of the tests. */
// biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern which fixtures this one needs: none
const browserTest = it.extend('browser', { scope: 'worker' }, async ({}, { onCleanup }) => {
  if (executablePath === undefined) throw new Error('there is no Chromium here; set CHROMIUM_PATH');
  const args = [...CHROMIUM_ARGUMENTS, `--host-resolver-rules=MAP ${REBOUND_NAME} 127.0.0.1`, UNPROTECTED];
  const started = await chromium.launch({ executablePath, args });
  onCleanup(() => started.close());
  return started;
});

let browser: Browser | undefined;

/** A test that needs Chromium: reported as skipped where there is none, except in CI, where it must run. */
export const itInChromium = (name: string, body: () => Promise<void>): void =>
  browserTest.skipIf(executablePath === undefined && CI === undefined)(name, async ({ browser: started }) => {
    browser = started;
    await body();
  });

export interface OpenPageOptions {
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly path?: string;
}

/** Serves a source's page until the test ends. */
export async function servePage(source: PageSource, port = 0): Promise<{ url: string; close: () => Promise<void> }> {
  const app = fastify();
  registerPage(app, source);
  const url = await app.listen({ host: '127.0.0.1', port });
  onTestFinished(() => app.close());
  return { url, close: () => app.close() };
}

/** What the browser complained of: errors of the script, and breaches of the Content-Security-Policy. */
const complaintsOf = new WeakMap<Page, string[]>();
export const complaints = (page: Page): readonly string[] => complaintsOf.get(page) ?? [];

/** Opens an address in a fresh browser profile until the test ends. */
export async function openPage(url: string, { path = '/', ...look }: OpenPageOptions = {}): Promise<Page> {
  if (browser === undefined) throw new Error('a page is opened by a test in Chromium only');
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    ...look,
  });
  onTestFinished(() => context.close());
  // As long as Vitest's polls: a browser on a busy machine may take its time.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const heard: string[] = [];
  complaintsOf.set(page, heard);
  page.on('pageerror', (error) => heard.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(message.text());
  });
  await page.goto(url + path);
  return page;
}
