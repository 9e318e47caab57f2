import { isObject, type JsonObject } from '../../shared/call/json.ts';

/** Of one resource what a check needs. */
export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  /** With every reference replaced by text, so that it can be measured; see `plain`. */
  readonly properties: JsonObject;
  /** As it stands in the template. */
  readonly raw: JsonObject;
}

/** A template that is being checked. */
export interface Template {
  readonly raw: JsonObject;
  readonly resources: readonly TemplateResource[];
}

/** One thing that CloudFormation, or a service behind it, refuses although a template can be synthesized with it. */
export interface TemplateCheck {
  readonly refuses: string;
  /** AWS's document. */
  readonly source: string;
  /** A line for each breach, its place first. */
  readonly find: (template: Template) => readonly string[];
}

export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

export const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};

/** Pseudo parameters at their usual length. */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': '111122223333',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::URLSuffix': 'amazonaws.com',
};

const joined = (argument: unknown): unknown => {
  const [separator, parts] = listOf(argument);
  return listOf(parts)
    .map((part) => String(plain(part)))
    .join(String(separator));
};

const INTRINSICS: Readonly<Record<string, (argument: unknown) => unknown>> = {
  Ref: (argument) => PSEUDO[String(argument)] ?? String(argument),
  'Fn::GetAtt': (argument) => listOf(argument).join('.'),
  'Fn::Join': joined,
  'Fn::Sub': (argument) => String(listOf(argument)[0]),
};

/** The name and the argument of an intrinsic function; `undefined` for any other value. */
export function intrinsicOf(value: unknown): readonly [name: string, argument: unknown] | undefined {
  const [entry, ...more] = isObject(value) ? Object.entries(value) : [];
  if (entry === undefined || more.length > 0) return undefined;
  return entry[0] === 'Ref' || entry[0].startsWith('Fn::') ? entry : undefined;
}

/**
 * A value with the references in it replaced by text: those to a resource by its logical id, which is shorter than the
 * name or ARN that will stand there. What is too long with it is too long in any case.
 */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  const intrinsic = intrinsicOf(value);
  if (intrinsic !== undefined) {
    const [name, argument] = intrinsic;
    return (INTRINSICS[name] ?? JSON.stringify)(argument);
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]))
    : value;
}

export const readForChecks = (template: unknown): Template => {
  const raw = objectOf(template);
  const resources = Object.entries(objectOf(raw.Resources)).map(([id, resource]) => {
    const { Type, Properties } = objectOf(resource);
    return { id, type: String(Type), properties: objectOf(plain(Properties)), raw: objectOf(resource) };
  });
  return { raw, resources };
};

export const ofType = ({ resources }: Template, ...types: readonly string[]): readonly TemplateResource[] =>
  resources.filter(({ type }) => types.includes(type));

/** A value in a resource's properties, and where it is. */
export interface Found {
  readonly place: string;
  readonly value: unknown;
}

/** The values at a path such as `Targets[].Id`; a value that is not there is not found. */
export function valuesAt({ id, properties }: TemplateResource, path: string): readonly Found[] {
  const steps = path.split('.');
  return steps
    .reduce<readonly Found[]>(
      (found, step) => {
        const [, name = '', each] = /^(.*?)(\[\])?$/.exec(step) ?? [];
        return found.flatMap(({ place, value }) => {
          const member = { place: `${place}.${name}`, value: objectOf(value)[name] };
          if (each === undefined) return [member];
          return listOf(member.value).map((item, index) => ({ place: `${member.place}[${index}]`, value: item }));
        });
      },
      [{ place: `Resources.${id}.Properties`, value: properties }],
    )
    .filter(({ value }) => value !== undefined);
}
