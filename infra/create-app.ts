import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { readContext } from './settings/read-context.ts';
import { ContextError } from './settings/user-error.ts';
import { bundleFunction, packagedBundle } from './stack/bundle.ts';
import type { FunctionName } from './stack/function-settings.ts';
import { NotifierStack } from './stack/notifier-stack.ts';
import { TrailStack } from './stack/trail-stack.ts';
import { templateRefusals } from './template-checks/template-refusals.ts';

export interface CreateAppOptions {
  /**
   * Where the cloud assembly goes.
   * @default what the CDK CLI asks for, else a temporary directory
   */
  readonly outdir?: string;
}

/**
 * The whole deployment: one complete stack a region, so that the failure of one region never silences another, and a
 * stack for its trail where the admin wants one. No stack needs another.
 *
 * @throws ContextError when the admin's context values hold a mistake, with all of them.
 */
export function createApp(contextValues: Readonly<Record<string, unknown>> = {}, options: CreateAppOptions = {}): App {
  // CDK as a new project gets it, set here so that every way to synthesize gives the same template.
  const flags = CURRENTLY_RECOMMENDED_FLAGS;
  const app = new App({
    ...options,
    context: { ...flags, ...contextValues },
    analyticsReporting: false,
    // Whoever makes the app synthesizes it, and looks at what comes out; see synthesizeApp.
    autoSynth: false,
  });
  const context = readContext(app.node.getAllContext());
  const bundled = new Set<FunctionName>();

  for (const region of context.regions) {
    new NotifierStack(app, `MediaConnectNotifier-${region}`, {
      env: { region },
      context,
      bundle: (name) => {
        const packaged = packagedBundle(name);
        if (packaged !== undefined) return packaged;
        const outDir = join(app.outdir, 'bundles', name);
        if (!bundled.has(name)) bundleFunction(name, outDir);
        bundled.add(name);
        return outDir;
      },
    });
  }
  // After the notifiers' stacks: what runs on one machine is the first.
  for (const region of context.createTrail ? context.regions : []) {
    new TrailStack(app, `MediaConnectNotifier-trail-${region}`, { env: { region } });
  }
  return app;
}

/**
 * Writes the cloud assembly, and refuses a template that CloudFormation or a service behind it would refuse: they would
 * say so only after they had begun.
 *
 * @throws ContextError with a line for each breach.
 */
export function synthesizeApp(app: App): void {
  const refusals = app
    .synth()
    .stacks.flatMap(({ stackName, template }) => templateRefusals(template).map((line) => `${stackName}: ${line}`));
  if (refusals.length > 0) throw new ContextError(['This could not be deployed.', ...refusals]);
}
