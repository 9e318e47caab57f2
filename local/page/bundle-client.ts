import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const inClient = (name: string): string => fileURLToPath(new URL(`./client/${name}`, import.meta.url));

export interface ClientAssets {
  readonly html: string;
  readonly script: string;
  readonly styles: string;
}

/** Makes what the browser gets, in memory: no build step, and nothing stale on disk. */
export async function bundleClient(): Promise<ClientAssets> {
  const [html, { outputFiles }] = await Promise.all([
    readFile(inClient('page.html'), 'utf8'),
    build({
      entryPoints: { page: inClient('main.ts'), styles: inClient('page.css') },
      outdir: '/',
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2023',
      legalComments: 'none',
      logLevel: 'silent',
    }),
  ]);
  const output = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { html, script: output('page.js'), styles: output('styles.css') };
}
