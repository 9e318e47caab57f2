import { type NamedResource, type Notification, named, type Phrase, type PhrasePart, phrase } from './notification.ts';
import { withoutSecrets } from './secret-shapes.ts';

/** Kinds whose ARNs hold an id and no name. */
const ONLY_ID = /:router(?:Input|Output|NetworkInterface):([\w-]+)$/;

/** The id of what has no name in its ARN. */
const idIn = (arn: string | undefined): string | undefined => (arn === undefined ? undefined : ONLY_ID.exec(arn)?.[1]);

/** A resource that is known by its id only, so far. */
export interface Nameless {
  readonly arn: string;
  readonly id: string;
}

function namelessOf({ name, label, arn }: NamedResource): Nameless | undefined {
  if (name !== null || label !== undefined || arn === undefined) return undefined;
  const id = idIn(arn);
  return id === undefined ? undefined : { arn, id };
}

/** What a call acts on that has only an id. */
export const namelessIn = ({ resources }: Notification): readonly Nameless[] =>
  resources.map(namelessOf).filter((one) => one !== undefined);

const isDone = ({ call }: Notification): boolean => call.outcome === 'succeeded' && !call.isDoubtful;

/**
 * The names that a call gives to what has only an id, by ARN: MediaConnect's own words, as it created, changed or
 * switched something. A call that was refused gives none, since whoever makes it writes what he likes.
 */
export function namesGivenBy(notification: Notification): readonly { readonly arn: string; readonly name: string }[] {
  if (!isDone(notification)) return [];
  return notification.resources.flatMap(({ name, arn }) =>
    name !== null && arn !== undefined && idIn(arn) !== undefined ? [{ arn, name: withoutSecrets(name) }] : [],
  );
}

/** "«cdn-north» («8Kd02»)": the name with the id. */
const withId = (name: string, part: PhrasePart): Phrase => phrase(named(name), ' (', part, ')');

function renamed(parts: Phrase, names: ReadonlyMap<string, string>): Phrase {
  const isSaid = ({ kind, text }: PhrasePart): boolean => kind === 'name' && names.has(text);
  if (!parts.some(isSaid)) return parts;
  return phrase(...parts.map((part) => (isSaid(part) ? withId(names.get(part.text) ?? '', part) : part)));
}

/**
 * The same call with names for what has only ids, beside these. They are shown as untrusted as any name in the record.
 */
export function withNames(
  notification: Notification,
  nameOf: (nameless: Nameless) => string | undefined,
): Notification {
  const names = new Map<string, string>();
  const resources = notification.resources.map((resource) => {
    const nameless = namelessOf(resource);
    const label = nameless && nameOf(nameless);
    if (nameless === undefined || label === undefined) return resource;
    names.set(nameless.id, label);
    return { ...resource, label };
  });
  if (names.size === 0) return notification;
  const { subject, sentence, details, resourceName } = notification;
  return {
    ...notification,
    resources,
    resourceName: resourceName ?? resources.find(({ label }) => label !== undefined)?.label ?? null,
    subject: { ...subject, label: renamed(subject.label, names) },
    sentence: renamed(sentence, names),
    details: details.map((detail) => ({ ...detail, value: renamed(detail.value, names) })),
  };
}

/** Principals whose ids AWS or an identity provider sets. What a caller chooses must not make him somebody with a name. */
const KINDS_WITH_IDS: ReadonlySet<string | null> = new Set(['IdentityCenterUser', 'WebIdentityUser', 'AWSAccount']);
const ON_BEHALF = 'On behalf of Identity Center user';

/** The same principal with the admin's name for an id, beside it. */
export function namedPrincipal(
  principal: Notification['principal'],
  names: ReadonlyMap<string, string>,
): Notification['principal'] {
  const facts = principal.facts.map((fact) =>
    fact.label === ON_BEHALF ? { ...fact, value: renamed(fact.value, names) } : fact,
  );
  if (!KINDS_WITH_IDS.has(principal.kind)) return { ...principal, facts };
  const name = principal.name === null ? undefined : names.get(principal.name);
  return { ...principal, facts, name: name ?? principal.name, said: renamed(principal.said, names) };
}
