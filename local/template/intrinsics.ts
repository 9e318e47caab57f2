import { isObject, type JsonObject } from '../../shared/call/json.ts';
import { identifyResource, type ResourceIdentity } from './resources.ts';
import { type CloudFormationTemplate, type StackEnvironment, UnsupportedTemplateError } from './template.ts';

/** Gives a value of the template with every intrinsic function worked out. */
export type Resolve = (value: unknown, where: string) => unknown;

const text = (value: unknown, where: string): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new UnsupportedTemplateError(`${where}: expected text, found ${JSON.stringify(value)}`);
};

const list = (value: unknown, where: string): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new UnsupportedTemplateError(`${where}: expected a list, found ${JSON.stringify(value)}`);
};

/**
 * Makes the function that works out `Ref`, `Fn::GetAtt`, `Fn::Join`, `Fn::Sub`, `Fn::Select` and `Fn::Split`
 * as they come out on this machine. Any other intrinsic function is refused by name.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function createResolver(template: CloudFormationTemplate, place: StackEnvironment): Resolve {
  const pseudoParameters: Readonly<Record<string, string>> = {
    'AWS::AccountId': place.account,
    'AWS::Partition': place.partition,
    'AWS::Region': place.region,
    'AWS::StackName': place.stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };

  const identity = (logicalId: string, where: string): ResourceIdentity => {
    const resource = Object.hasOwn(template.Resources, logicalId) ? template.Resources[logicalId] : undefined;
    if (resource === undefined) throw new UnsupportedTemplateError(`${where}: ${logicalId} is not in the template`);
    return identifyResource(logicalId, resource, place);
  };

  const ref = (name: string, where: string): unknown => {
    if (Object.hasOwn(pseudoParameters, name)) return pseudoParameters[name];
    const parameter = Object.hasOwn(template.Parameters, name) ? template.Parameters[name] : undefined;
    if (parameter === undefined) return identity(name, where).ref;
    if ('Default' in parameter) return parameter.Default;
    throw new UnsupportedTemplateError(`${where}: parameter ${name} has no default`);
  };

  const getAtt = (target: unknown, where: string): string => {
    const [logicalId = '', ...rest] = typeof target === 'string' ? target.split('.') : list(target, where).map(String);
    const attribute = rest.join('.');
    const { attributes } = identity(logicalId, where);
    const value = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
    if (value === undefined) {
      throw new UnsupportedTemplateError(`${where}: attribute ${attribute} of ${logicalId} is not imitated`);
    }
    return value;
  };

  const sub = (argument: unknown, where: string): string => {
    const [format, variables] = typeof argument === 'string' ? [argument, {}] : list(argument, where);
    const own = isObject(variables) ? variables : {};
    return text(format, where).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (Object.hasOwn(own, name)) return text(resolve(own[name], where), where);
      return name.includes('.') ? getAtt(name, where) : text(ref(name, where), where);
    });
  };

  const functions: Readonly<Record<string, (argument: unknown, where: string) => unknown>> = {
    Ref: (argument, where) => ref(text(argument, where), where),
    'Fn::GetAtt': getAtt,
    'Fn::Join': (argument, where) => {
      const [separator, parts] = list(argument, where);
      return list(resolve(parts, where), where)
        .map((part) => text(part, where))
        .join(text(separator, where));
    },
    'Fn::Select': (argument, where) => {
      const [index, choices] = list(argument, where);
      return list(resolve(choices, where), where)[Number(index)];
    },
    'Fn::Split': (argument, where) => {
      const [separator, whole] = list(argument, where);
      return text(resolve(whole, where), where).split(text(separator, where));
    },
    'Fn::Sub': sub,
  };

  const intrinsic = (value: JsonObject): string | undefined => {
    const [key, ...others] = Object.keys(value);
    if (key === undefined || others.length > 0) return undefined;
    return key === 'Ref' || key === 'Condition' || key.startsWith('Fn::') ? key : undefined;
  };

  function resolve(value: unknown, where: string): unknown {
    if (Array.isArray(value)) return value.map((item, index) => resolve(item, `${where}[${index}]`));
    if (!isObject(value)) return value;
    const name = intrinsic(value);
    if (name === undefined) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, `${where}.${key}`)]));
    }
    const apply = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (apply === undefined) throw new UnsupportedTemplateError(`${where}: ${name} is not imitated`);
    return apply(value[name], where);
  }

  return resolve;
}
