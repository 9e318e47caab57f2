import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { galleryCards, sentenceRows } from './cards.ts';
import { galleryPage, sentencesPage } from './gallery-page.ts';

const FOLDER = path.join(import.meta.dirname, '../../docs/gallery');
const CHROMIUM = '/usr/bin/chromium';

/** Shown in the README, so they are taken for sharp screens; the others are kept small. */
const SHARP: ReadonlySet<string> = new Set(['stop-flow', 'denied', 'fold', 'outcome', 'untouched']);
/** A phone, and the air around a card. */
const WIDTH = 390 + 2 * 16;

/** Takes a picture of each card, as wide as a phone shows it. */
async function takePictures(page: string, names: readonly string[]): Promise<void> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    for (const [deviceScaleFactor, isWanted] of [
      [1, (name: string) => !SHARP.has(name)],
      [2, (name: string) => SHARP.has(name)],
    ] as const) {
      const tab = await browser.newPage({ viewport: { width: WIDTH, height: 900 }, deviceScaleFactor });
      await tab.goto(pathToFileURL(page).href);
      for (const name of names.filter(isWanted)) {
        await tab.locator(`[id="${name}"]`).screenshot({ path: path.join(FOLDER, `${name}.png`) });
      }
    }
  } finally {
    await browser.close();
  }
}

const cards = galleryCards();
const page = path.join(FOLDER, 'index.html');
await mkdir(FOLDER, { recursive: true });
await writeFile(page, galleryPage(cards));
await writeFile(path.join(FOLDER, 'sentences.html'), sentencesPage(sentenceRows()));
console.log(`${cards.length} cards in ${path.relative(process.cwd(), page)}`);

if (existsSync(CHROMIUM)) {
  await takePictures(
    page,
    cards.map(({ name }) => name),
  );
  console.log('a picture of each beside it');
} else {
  console.log(`no pictures: ${CHROMIUM} is not there`);
}
