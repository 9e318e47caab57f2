type Context = Record<string, unknown>;

/** What X-Ray's SDK keeps its current segment in. */
export interface Namespace {
  get(key: string): unknown;
  set(key: string, value: unknown): unknown;
  createContext(): Context;
  enter(context: Context): void;
}

const namespaces = new Map<string, Namespace>();

export const getNamespace = (name: string): Namespace | undefined => namespaces.get(name);

/**
 * Stands in for the package `cls-hooked` in the bundles, which gives each chain of callbacks a context of its own, and
 * for that has Node call it for every promise that is made, resolved or forgotten. On Lambda X-Ray's SDK has it hold one
 * segment for the whole process, one invocation after another; so here a namespace is one context.
 *
 * @see https://github.com/aws/aws-xray-sdk-node/blob/master/packages/core/lib/env/aws_lambda.js
 */
export function createNamespace(name: string): Namespace {
  let active: Context = {};
  const namespace: Namespace = {
    get: (key) => active[key],
    set(key, value) {
      active[key] = value;
      return value;
    },
    createContext: () => ({ ...active }),
    enter(context) {
      active = context;
    },
  };
  namespaces.set(name, namespace);
  return namespace;
}

export const destroyNamespace = (name: string): void => void namespaces.delete(name);
