import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../infra/create-app.ts';
import { NotifierStack } from '../../infra/notifier-stack.ts';

type Json = Record<string, unknown>;

export interface Resource {
  readonly Type: string;
  readonly Properties: Json;
  readonly DependsOn?: readonly string[];
}

export interface Synthesized {
  readonly app: App;
  readonly text: string;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  /** The resources of one type by their logical id. */
  readonly resources: (type: string) => Readonly<Record<string, Resource>>;
  /** Their properties alone. */
  readonly properties: (type: string) => readonly Json[];
}

export const WITHOUT_BUNDLES = { 'aws:cdk:bundling-stacks': [] };

/** The template of the first region under these context values; the functions' code is not bundled. */
export function synthesize(contextValues: Json = {}): Synthesized {
  const app = createApp({ ...WITHOUT_BUNDLES, ...contextValues });
  const stack = app.node.children.find((child) => child instanceof NotifierStack);
  if (!(stack instanceof NotifierStack)) throw new Error('the app has no stack');
  const template = Template.fromStack(stack).toJSON();
  const resources = (type: string): Readonly<Record<string, Resource>> =>
    Object.fromEntries(Object.entries<Resource>(template.Resources).filter(([, resource]) => resource.Type === type));
  return {
    app,
    text: JSON.stringify(template),
    outputs: template.Outputs,
    resources,
    properties: (type) => Object.values(resources(type)).map(({ Properties }) => Properties),
  };
}
