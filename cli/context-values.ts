import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, Option } from 'commander';
import { meantKey } from '../infra/settings/read-context.ts';
import { isObject } from '../shared/call/json.ts';
import { lineAt, parseJson } from '../shared/call/parse-json.ts';
import { isUtf16 } from './input/other-formats.ts';
import { UsageError } from './io.ts';

const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];

/** Gives a command the options that change the context values it works with. */
export const withContextOptions = (command: Command): Command =>
  command
    .addOption(new Option('--context <file>', 'JSON file of context values that replace those of cdk.json'))
    .addOption(new Option('-c <key=value>', 'one context value, as for cdk; may be repeated').argParser(collect));

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

const READ_REASONS: Readonly<Record<string, string>> = {
  EISDIR: 'is a directory, and no file of context values',
  EACCES: 'not readable: permission denied',
};

const isOurs = (path: string): boolean =>
  path.startsWith(PREFIX) || meantKey(path.split('.', 1)[0] ?? '') !== undefined;

/** A text, and in it what may follow an escape; or a sign that JSON is made of. */
const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/** An object or a list of a JSON text that is being gone through. */
interface OpenValue {
  /** Members so far; of a list there are none. */
  readonly members: Set<string>;
  /** The member that is being read. */
  member: string;
}

/** Goes on to a member; gives its path if it is one of ours that was there already. */
function enterMember(open: readonly OpenValue[], member: string): string | undefined {
  const top = open.at(-1);
  if (top === undefined) return undefined;
  const isRepeated = top.members.has(member);
  top.members.add(member);
  top.member = member;
  const path = open
    .map((value) => value.member)
    .filter((name) => name !== '' && name !== 'context')
    .join('.');
  return isRepeated && isOurs(path) ? path : undefined;
}

/**
 * A setting or a rule that a JSON text has twice, the later of which silently replaces the earlier: copied, most often, and
 * not renamed. Other settings of a `cdk.json` are for whoever reads them.
 *
 * @param text of valid JSON
 */
function repeatedMember(text: string): { readonly path: string; readonly offset: number } | undefined {
  const open: OpenValue[] = [];
  let before = '';
  for (const { 0: token, index: offset } of text.matchAll(JSON_TOKEN)) {
    if ('{['.includes(token)) open.push({ members: new Set(), member: '' });
    if ('}]'.includes(token)) open.pop();
    const path = token === ':' ? enterMember(open, JSON.parse(before)) : undefined;
    if (path !== undefined) return { path, offset };
    before = token;
  }
  return undefined;
}

function readObject(path: string): Values {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const reason = READ_REASONS[(cause as NodeJS.ErrnoException).code ?? ''] ?? 'no such file of context values';
    throw new UsageError(`${path}: ${reason} (one value is given with -c key=value)`, { cause });
  }
  if (isUtf16(bytes)) throw new UsageError(`${path}: is UTF-16; save it as UTF-8`);
  // Editors on Windows set a byte order mark, and CDK takes it.
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const parsed = parseJson(text);
  const repeated = parsed.ok ? repeatedMember(text) : undefined;
  if (repeated !== undefined) {
    const { path: at, offset } = repeated;
    throw new UsageError(`${path}: line ${lineAt(text, offset)} has ${at} a second time, and JSON takes only the last`);
  }
  if (!parsed.ok) throw new UsageError(`${path}: line ${lineAt(text, parsed.offset)} is not JSON: ${parsed.reason}`);
  if (!isObject(parsed.value)) throw new UsageError(`${path}: holds no object of context values`);
  return parsed.value;
}

/** A key that has a prefix, be it somebody's or a misspelled one of ours. */
const isWhole = (key: string): boolean =>
  /[:/@]/.test(key) || key === 'notifier' || (/\W|_/.test(key) && meantKey(key) !== undefined);

/** Our own keys may leave out the prefix; a key with a colon is somebody's, and stays. */
const prefixed = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [isWhole(key) ? key : `${PREFIX}${key}`, value]));

/** The `context` of a file in the form of `cdk.json`, else the whole file. */
const contextOf = (file: Values): Values => (isObject(file.context) ? file.context : file);

/** What CDK itself would read: `cdk.json`, what was stored beside it, and last the user's own `~/.cdk.json`. */
function projectValues(cwd: string, home: string): Values {
  const root = existsSync(join(cwd, 'cdk.json')) ? cwd : PACKAGE_ROOT;
  const stored = join(root, 'cdk.context.json');
  const own = join(home, '.cdk.json');
  const project = join(root, 'cdk.json');
  // The package has none; without settings the defaults hold.
  const { context } = existsSync(project) ? readObject(project) : {};
  const { context: ofUser } = existsSync(own) ? readObject(own) : {};
  return {
    ...(isObject(ofUser) ? ofUser : {}),
    ...(existsSync(stored) ? readObject(stored) : {}),
    ...(isObject(context) ? context : {}),
  };
}

/** `key=value` as CDK takes it. A key without a prefix would be nobody's there, so it is here. */
function parseAssignment(text: string): Values {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`-c ${text}: is not key=value`);
  const key = text.slice(0, at);
  if (!/[:/@]/.test(key)) throw new UsageError(`-c ${key}=…: is no key; did you mean -c '${PREFIX}${key}=…'?`);
  return { [key]: text.slice(at + 1) };
}

/**
 * All CDK context values that a command works with, as `cdk synth` would see them: those of `~/.cdk.json` and `cdk.json`,
 * then those of `--context FILE`, then those of `-c key=value`. A later value replaces an earlier one whole.
 */
export function contextValues({ context, c = [] }: ContextOptions, cwd: string, home = homedir()): Values {
  const proposed = context === undefined ? {} : prefixed(contextOf(readObject(resolve(cwd, context))));
  return { ...projectValues(cwd, home), ...proposed, ...Object.assign({}, ...c.map(parseAssignment)) };
}
