import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { createApp } from '../../infra/create-app.ts';
import { stacksOf, WITHOUT_BUNDLES } from '../infra/synthesize.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** What this project calls the stack of its first region. */
export const STACK = 'MediaConnectNotifier-eu-west-1';

/** An app of somebody's own that is to make what this project deploys. */
export const TEN_LINES = `import { App, Stack } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { MediaConnectNotifier } from 'mediaconnect-notifier';

const app = new App({ context: CURRENTLY_RECOMMENDED_FLAGS });
const stack = new Stack(app, '${STACK}', { env: { region: 'eu-west-1' } });
new MediaConnectNotifier(stack, 'Default');
`;

/** The template of this project's own app. */
export function ownTemplate(): Template {
  const [stack] = stacksOf(createApp(WITHOUT_BUNDLES));
  if (stack === undefined) throw new Error('this project has no stack');
  return Assertions.fromStack(stack).toJSON() as Template;
}

/** The resources, but for where the CDK CLI says they are from, and for the name of the zipped code: the package leaves source maps out. */
export const comparable = ({ Resources }: Template): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(Resources).map(([id, { Metadata = {}, Properties, ...resource }]) => {
      const { 'aws:cdk:path': _path, ...metadata } = Metadata;
      return resource.Type === 'AWS::Lambda::Function'
        ? [id, { ...resource, Properties: { ...Properties, Code: 'zipped' } }]
        : [id, { ...resource, Properties, Metadata: metadata }];
    }),
  );
