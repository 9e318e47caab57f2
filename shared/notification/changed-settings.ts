import { asList, asText, type JsonObject, member, memberAt, memoizeLast } from '../call/json.ts';
import type { ResourceKind } from '../call/operations.ts';
import {
  type Detail,
  type DisplaySettings,
  enumeration,
  named,
  type Phrase,
  phrase,
  withCommas,
} from './notification.ts';
import { type AllowedParameter, allowedOf, lowerCamel } from './parameter-table.ts';

type AccountNames = DisplaySettings['accountNames'];

/** A parameter that may be shown, and what it says. */
export interface Setting extends Detail {
  readonly parameter: AllowedParameter;
}

/** `203.0.113.9:5000`, `[2001:db8::1]:5000` */
function withPort(address: Phrase | undefined, port: Phrase | undefined): Phrase | undefined {
  const [number] = port ?? [];
  if (address === undefined || number === undefined) return address;
  const [only] = address;
  if (only?.kind !== 'name') return phrase(address, ', port ', number);
  return only.text.includes(':') ? phrase('[', address, ']:', number) : phrase(address, ':', number);
}

const portOf = (value: unknown): Phrase | undefined =>
  typeof value === 'number' || (typeof value === 'string' && /^\d{1,5}$/.test(value))
    ? [named(String(value))]
    : undefined;

function detailOf(source: unknown, allowed: AllowedParameter, accountNames: AccountNames): Detail | undefined {
  const value = allowed.format(memberAt(source, allowed.path), accountNames);
  if (allowed.portPath === undefined) return value && { label: allowed.label, value };
  const port = portOf(memberAt(source, allowed.portPath));
  const address = withPort(value, port);
  if (address !== undefined) return { label: allowed.label, value: address };
  return port && { label: 'Port', value: port };
}

/**
 * What a source says of the parameters that may be shown, in the order of the allow-list. The sentence and the details of a
 * call ask for the same.
 */
export const settingsOf = memoizeLast(
  (source: unknown, kind: ResourceKind, accountNames: AccountNames): readonly Setting[] => {
    const settings: Setting[] = [];
    for (const parameter of allowedOf(source, kind)) {
      const detail = detailOf(source, parameter, accountNames);
      if (detail !== undefined) settings.push({ label: detail.label, value: detail.value, parameter });
    }
    return settings;
  },
);

/** Members that say which resource or which request is meant rather than what becomes of it. */
const IDENTIFIERS: ReadonlySet<string> = new Set([
  'flowArn',
  'sourceArn',
  'outputArn',
  'entitlementArn',
  'mediaStreamName',
  'bridgeArn',
  'outputName',
  'sourceName',
  'gatewayInstanceArn',
  'arn',
  'clientToken',
]);

/** Names of members are shown only where they look like names of members. */
const MEMBER_NAME = /^[A-Za-z]\w{0,63}$/;
const FIELDS_SHOWN = 20;

/** `maintenance.maintenanceDay`: what is inside a structure is what was changed. */
function changedIn(key: string, value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [key];
  const inside = Object.keys(value).filter((inner) => MEMBER_NAME.test(inner));
  return inside.length === 0 ? [key] : inside.slice(0, FIELDS_SHOWN).map((inner) => `${key}.${inner}`);
}

/** Which fields an update sets; their names are reported even where their values are not. */
const changedFields = (request: JsonObject): readonly string[] =>
  Object.keys(request)
    .slice(0, 100)
    .filter((key) => MEMBER_NAME.test(key) && !IDENTIFIERS.has(lowerCamel(key)) && request[key] !== null)
    .flatMap((key) => changedIn(key, request[key]));

/** The fields that an update sets and that none of these settings shows the value of. */
export const fieldsBeside = memoizeLast((request: JsonObject, settings: readonly Setting[]): readonly string[] => {
  const shown = settings.flatMap(({ parameter }) => parameter.fields);
  return changedFields(request).filter((field) => {
    const lower = field.toLowerCase();
    return !shown.some((path) => path === lower || path.startsWith(`${lower}.`) || lower.startsWith(`${path}.`));
  });
});

/** Fields that have a name in an operator's words. */
const FIELD_WORDS: ReadonlyMap<string, string> = new Map([['configuration.public', 'public access rules']]);

export const describeFields = (fields: readonly string[], max: number): Phrase =>
  enumeration(
    fields.map((field) => {
      const words = FIELD_WORDS.get(field.toLowerCase());
      return words === undefined ? [named(field)] : phrase(words);
    }),
    max,
  );

/** Settings whose value says what it is. */
const BARE: ReadonlySet<string> = new Set(['Protocol', 'Type', 'Video format', 'Maximum bitrate']);
const PORT = /\bport$/i;
const THINGS: ReadonlySet<string> = new Set(['Flow', 'Gateway', 'Bridge', 'Entitlement']);

function describeSetting({ label, value }: Detail): Phrase {
  if (BARE.has(label)) return value;
  if (label === 'Destination') return phrase('to ', value);
  if (PORT.test(label)) return phrase('port ', value);
  return phrase(
    THINGS.has(label) ? `${label.toLowerCase()} ` : `${label.charAt(0).toLowerCase()}${label.slice(1)} `,
    value,
  );
}

/** "srt-caller to 198.51.100.9:5005, port 5010 and 2 more" */
function inWords(settings: readonly Setting[], max: number): Phrase {
  const said: Phrase[] = [];
  for (const setting of settings) {
    const last = said.at(-1);
    const words = describeSetting(setting);
    if (last !== undefined && setting.label === 'Destination') said[said.length - 1] = phrase(last, ' ', words);
    else said.push(words);
  }
  const rest = said.length - max;
  return phrase(withCommas(said.slice(0, max)), rest > 0 ? ` and ${rest} more` : '');
}

const SAID = 3;

/** What is withheld is said in the details, where there is room to say why. */
export const isSayable = ({ value: [first] }: Setting): boolean =>
  first?.kind !== 'plain' || !first.text.startsWith('not shown');

/** What a sentence says of parameters: their values, and the names of the fields whose values are not shown. */
export function describeSettings(
  source: unknown,
  kind: ResourceKind,
  accountNames: AccountNames,
  except: readonly string[] = [],
  max = SAID,
): { readonly words: Phrase; readonly fields: () => Phrase } {
  const settings = settingsOf(source, kind, accountNames);
  const said = settings.filter((setting) => isSayable(setting) && !except.includes(setting.parameter.path[0] ?? ''));
  const request = typeof source === 'object' && source !== null ? (source as JsonObject) : {};
  return {
    words: inWords(said, max),
    // Most sentences have settings to say and need no fields.
    fields: () =>
      describeFields(
        fieldsBeside(request, settings).filter((field) => !except.includes(lowerCamel(field))),
        max,
      ),
  };
}

/** How many accounts a sentence says before it counts the rest. */
export const ACCOUNTS_SAID = 2;

/** The accounts in a member `subscribers`. */
export const subscribersOf = (source: unknown): readonly string[] =>
  asList(member(source, 'subscribers'))
    .map(asText)
    .filter((account) => account !== undefined);
