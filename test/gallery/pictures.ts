import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastify from 'fastify';
import { type Browser, chromium, type Page } from 'playwright-core';
import { registerPage } from '../../local/page/server.ts';
import { CHROMIUM_ARGUMENTS, findChromium } from './find-chromium.ts';
import { createPictureSource } from './picture-source.ts';

/** Takes the README's pictures: `node test/gallery/pictures.ts [folder [address of a running page]]`. */

interface Picture {
  readonly file: string;
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
  /** Brings the page into the state that the picture is to show. */
  readonly stage?: (page: Page) => Promise<void>;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function openDetails(page: Page): Promise<void> {
  await page.locator('[data-open]').last().click({ force: true });
  await page.locator('.conditions').waitFor();
  await page.mouse.move(0, 0);
}

const PICTURES: readonly Picture[] = [
  { file: 'page.png', colorScheme: 'light', width: 1440, height: 960 },
  { file: 'page-dark.png', colorScheme: 'dark', width: 1440, height: 900, stage: openDetails },
  { file: 'page-phone.png', colorScheme: 'light', width: 390, height: 844 },
];

async function take(browser: Browser, url: string, folder: string, picture: Picture): Promise<void> {
  const { file, colorScheme, width, height, stage } = picture;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: 1.5,
    colorScheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('article').first().waitFor();
  await stage?.(page);
  await page.screenshot({ path: join(folder, file) });
  await context.close();
}

async function takePictures(folder: string, url: string): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    process.exitCode = 2;
    return say('pictures need Chromium, and there is none here: install Chromium or Chrome');
  }
  say(
    `Takes ${PICTURES.length} pictures of the page, for the README: of ${address ?? 'made-up messages'}, into ${folder}`,
  );
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS] });
  for (const picture of PICTURES) {
    await take(browser, url, folder, picture);
    const { file, colorScheme, width, height } = picture;
    say(
      `  ${file}: ${width} × ${height}, ${colorScheme}${picture.stage === undefined ? '' : ', with the details of a message'}`,
    );
  }
  await browser.close();
}

const [folder = fileURLToPath(new URL('../../docs', import.meta.url)), address] = process.argv.slice(2);
const app = fastify();
registerPage(app, createPictureSource(Date.now(), randomUUID));
await takePictures(folder, address ?? (await app.listen({ host: '127.0.0.1', port: 0 })));
await app.close();
