import type { Principal } from '../notification.ts';
import { codeSpan, inertText } from './escape-text.ts';

/** Who called where the record names nobody. */
export const NOBODY = 'somebody unknown';

/** Who called, for mrkdwn. */
export const principalText = ({ name }: Principal, maxLength: number): string =>
  name === null ? NOBODY : codeSpan(name, maxLength);

/** Who called, for push notifications and screen readers. */
export const spokenPrincipal = ({ name }: Principal, maxLength: number): string =>
  name === null ? NOBODY : inertText(name, maxLength);

/** What must be said before anything else of a principal: root, or somebody of another account. */
export function loudWords({ loud, kind }: Principal): string {
  if (!loud) return '';
  return kind === 'Root' ? 'by the ROOT user' : 'from ANOTHER ACCOUNT';
}
