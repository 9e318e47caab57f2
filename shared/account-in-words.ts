import type { Phrase } from './notification.ts';
import { named, phrase } from './phrase.ts';

/** The name that the admin gave to an account; the id need not be one. */
export const accountNameOf = (id: string, accountNames: Readonly<Record<string, string>>): string | undefined =>
  Object.hasOwn(accountNames, id) ? accountNames[id] : undefined;

/** "Partner TV (444455556666)", or the id alone. */
export function accountInWords(id: string, accountNames: Readonly<Record<string, string>>): Phrase {
  const name = accountNameOf(id, accountNames);
  return name === undefined ? [named(id)] : phrase(named(name), ' (', named(id), ')');
}
