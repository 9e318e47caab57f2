import type { Principal } from '../notification.ts';
import { elideMiddle } from './escape-text.ts';
import { mrkdwnPhrase, spokenPhrase } from './phrase-text.ts';

/** Who called where the record names nobody. */
export const NOBODY = 'somebody unknown';

/** Names of a person, a role and a source identity, and the words between them. */
const NAMES = 3;
const WORDS_LENGTH = 60;

/** Who called, for mrkdwn; `nameLength` for each name. */
export const principalText = ({ said }: Principal, nameLength: number): string =>
  mrkdwnPhrase(
    said.map((part) => (part.kind === 'name' ? { ...part, text: elideMiddle(part.text, nameLength) } : part)),
    NAMES * nameLength + WORDS_LENGTH,
  );

/** Who called, for push notifications and screen readers. */
export const spokenPrincipal = ({ said }: Principal, nameLength: number): string =>
  spokenPhrase(said, NAMES * nameLength + WORDS_LENGTH);

/** What must be said before anything else of a principal: root, or somebody of another account. */
export function loudWords({ loud, kind }: Principal): string {
  if (!loud) return '';
  return kind === 'Root' ? 'by the ROOT user' : 'from ANOTHER ACCOUNT';
}
