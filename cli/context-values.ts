import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lineAt } from '../local/input/line-at.ts';
import { parseJson } from '../local/input/parse-json.ts';
import { UsageError } from './usage-error.ts';

type Values = Readonly<Record<string, unknown>>;

/** Where a command's context values come from, beside `cdk.json`. */
export interface ContextOptions {
  /** A file of context values: a `cdk.json`, or the values alone. */
  readonly context?: string | undefined;
  /** `key=value` texts, as CDK's `-c` takes them. */
  readonly c?: readonly string[] | undefined;
}

const PREFIX = 'notifier:';
const PACKAGE_ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readObject(path: string): Values {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`${path}: no such file of context values (one value is given with -c key=value)`, { cause });
  }
  const parsed = parseJson(text);
  if (!parsed.ok) throw new UsageError(`${path}: line ${lineAt(text, parsed.offset)} is not JSON: ${parsed.reason}`);
  if (!isObject(parsed.value)) throw new UsageError(`${path}: holds no object of context values`);
  return parsed.value;
}

/** Our own keys may leave out the prefix; a key with a colon is somebody's, and stays. */
const prefixed = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [/[:/@]/.test(key) ? key : `${PREFIX}${key}`, value]),
  );

/** The `context` of a file in the form of `cdk.json`, else the whole file. */
const contextOf = (file: Values): Values => (isObject(file.context) ? file.context : file);

/** What CDK itself would read: `cdk.json` and what was stored beside it. */
function projectValues(cwd: string): Values {
  const root = existsSync(join(cwd, 'cdk.json')) ? cwd : PACKAGE_ROOT;
  const stored = join(root, 'cdk.context.json');
  const { context } = readObject(join(root, 'cdk.json'));
  return { ...(existsSync(stored) ? readObject(stored) : {}), ...(isObject(context) ? context : {}) };
}

function parseAssignment(text: string): Values {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`-c ${text}: is not key=value`);
  return { [text.slice(0, at)]: text.slice(at + 1) };
}

/**
 * All CDK context values that a command works with, as `cdk synth` would see them: those of `cdk.json`,
 * then those of `--context FILE`, then those of `-c key=value`. A later value replaces an earlier one whole.
 */
export function contextValues({ context, c = [] }: ContextOptions, cwd: string): Values {
  const proposed = context === undefined ? {} : prefixed(contextOf(readObject(resolve(cwd, context))));
  return { ...projectValues(cwd), ...proposed, ...Object.assign({}, ...c.map(parseAssignment).map(prefixed)) };
}
