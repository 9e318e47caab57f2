import { displayOf, type Target } from './call-target.ts';
import type { Classification } from './classify-call.ts';
import type { Notification } from './notification.ts';
import { named, phrase } from './phrase.ts';
import { RESOURCE_KIND_WORDS } from './resource-kind.ts';
import type { Targets } from './resources-of-call.ts';

/** Calls about a resource that was named only in part still belong together within one account and region. */
const keyOf = ({ kind, arn }: Target, name: string, place: string): string => arn ?? `${kind}/${place}/${name}`;

/**
 * The root resource of a call: the flow of its outputs, sources and entitlements, the bridge of its own, the gateway of
 * its instances, else the resource itself. Calls that name none belong together by kind.
 */
export function subjectOf(
  { main, parent }: Targets,
  call: Classification,
  account = '',
  region = '',
): Notification['subject'] {
  const root = displayOf(parent) === null ? main[0] : parent;
  const name = displayOf(root);
  const place = `${account}/${region}`;
  const [one, many] = RESOURCE_KIND_WORDS[root?.kind ?? call.resource];
  if (root === undefined || name === null) {
    return {
      key: `${call.resource}/${place}`,
      label: phrase(call.resource === 'unrecognized' ? 'MediaConnect' : many),
    };
  }
  return { key: keyOf(root, name, place), label: phrase(`${one} `, named(name)) };
}
