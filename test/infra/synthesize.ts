import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../infra/create-app.ts';
import { NotifierStack } from '../../infra/stack/notifier-stack.ts';
import { TrailStack } from '../../infra/stack/trail-stack.ts';
import type { JsonObject } from '../../shared/call/json.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: JsonObject;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** What a template holds. */
export interface Synthesized {
  readonly text: string;
  readonly outputs: Readonly<Record<string, { readonly Value: unknown }>>;
  /** The resources of one type by their logical id. */
  readonly resources: (type: string) => Readonly<Record<string, Resource>>;
  /** Their properties alone. */
  readonly properties: (type: string) => readonly JsonObject[];
}

export const WITHOUT_BUNDLES = { 'aws:cdk:bundling-stacks': [] };

export const stacksOf = ({ node }: App): readonly Stack[] => node.children.filter((child) => child instanceof Stack);

export function readStack(stack: Stack | undefined): Synthesized {
  if (stack === undefined) throw new Error('the app has no such stack');
  const template = Template.fromStack(stack).toJSON();
  const resources = (type: string): Readonly<Record<string, Resource>> =>
    Object.fromEntries(Object.entries<Resource>(template.Resources).filter(([, resource]) => resource.Type === type));
  return {
    text: JSON.stringify(template),
    outputs: template.Outputs,
    resources,
    properties: (type) => Object.values(resources(type)).map(({ Properties }) => Properties),
  };
}

/** The templates of the first region under these context values; the functions' code is not bundled. */
export function synthesizeAll(contextValues: JsonObject = {}): {
  readonly notifier: Synthesized;
  readonly trail: () => Synthesized;
} {
  const stacks = stacksOf(createApp({ ...WITHOUT_BUNDLES, ...contextValues }));
  return {
    notifier: readStack(stacks.find((stack) => stack instanceof NotifierStack)),
    trail: () => readStack(stacks.find((stack) => stack instanceof TrailStack)),
  };
}

/** The template of the first region's notifier. */
export const synthesize = (contextValues: JsonObject = {}): Synthesized => synthesizeAll(contextValues).notifier;
