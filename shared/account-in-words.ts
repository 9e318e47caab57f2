import type { Phrase } from './notification.ts';
import { named, phrase } from './phrase.ts';

type AccountNames = Readonly<Record<string, string>>;

/** The settings as maps, since an object takes several times as long to look up text that is fresh from a record. */
const MAPS = new WeakMap<AccountNames, ReadonlyMap<string, string>>();

function mapOf(accountNames: AccountNames): ReadonlyMap<string, string> {
  const known = MAPS.get(accountNames);
  if (known !== undefined) return known;
  const map = new Map(Object.entries(accountNames));
  MAPS.set(accountNames, map);
  return map;
}

/** The name that the admin gave to an account; the id need not be one. */
export const accountNameOf = (id: string, accountNames: AccountNames): string | undefined =>
  mapOf(accountNames).get(id);

/** "Partner TV (444455556666)", or the id alone. */
export function accountInWords(id: string, accountNames: AccountNames): Phrase {
  const name = accountNameOf(id, accountNames);
  return name === undefined ? [named(id)] : phrase(named(name), ' (', named(id), ')');
}
