import { buildSync, type Metafile } from 'esbuild';
import { bundleOptions } from '../../../infra/bundle.ts';
import type { FunctionName } from '../../../infra/function-settings.ts';

/** What a function's bundle holds, in bytes of minified code. */
export interface BundleContents {
  readonly bytes: number;
  /** Of these, what is loaded before the handler is there. */
  readonly atStart: number;
  /** By package, the project's own code as `functions` and `shared`; largest first. */
  readonly parts: readonly { readonly part: string; readonly bytes: number }[];
  /** Packages that are not bundled but imported at start. */
  readonly importedAtStart: readonly string[];
}

const PACKAGE = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//;

const partOf = (input: string): string => PACKAGE.exec(input)?.[1] ?? input.split('/')[0] ?? input;

/** The files that are loaded with `file`, itself included, and what they import from outside the bundle. */
function loadedWith(outputs: Metafile['outputs'], file: string, loaded: Set<string>, outside: Set<string>): void {
  if (loaded.has(file)) return;
  loaded.add(file);
  for (const { path, kind, external } of outputs[file]?.imports ?? []) {
    if (kind !== 'import-statement') continue;
    if (external) outside.add(path);
    else loadedWith(outputs, path, loaded, outside);
  }
}

/** Builds a function's bundle as it is deployed, and says what is in it. */
export function bundleContents(name: FunctionName): BundleContents {
  const { metafile } = buildSync({ ...bundleOptions(name), metafile: true });
  if (metafile === undefined) throw new Error('esbuild gave no metafile');
  const code = Object.entries(metafile.outputs).filter(([file]) => file.endsWith('.mjs'));
  const index = code.find(([, { entryPoint }]) => entryPoint?.startsWith('functions/'))?.[0] ?? '';
  const loaded = new Set<string>();
  const outside = new Set<string>();
  loadedWith(metafile.outputs, index, loaded, outside);

  const parts = new Map<string, number>();
  for (const [, { inputs }] of code) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      const part = partOf(input);
      parts.set(part, (parts.get(part) ?? 0) + bytesInOutput);
    }
  }
  const bytesOf = (files: typeof code): number => files.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  return {
    bytes: bytesOf(code),
    atStart: bytesOf(code.filter(([file]) => loaded.has(file))),
    parts: [...parts].map(([part, bytes]) => ({ part, bytes })).sort((one, other) => other.bytes - one.bytes),
    importedAtStart: [...outside].sort(),
  };
}
