import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { bundleFunction } from './bundle.ts';
import { compileRules } from './compile-rules.ts';
import { readContext } from './context.ts';
import type { FunctionName } from './function-settings.ts';
import { NotifierStack } from './notifier-stack.ts';

export interface CreateAppOptions {
  /**
   * Where the cloud assembly goes.
   * @default what the CDK CLI asks for, else a temporary directory
   */
  readonly outdir?: string;
}

/**
 * The whole deployment: one complete stack a region, so that the failure of one region never silences another.
 *
 * @throws ContextError when the admin's context values hold a mistake, with all of them.
 */
export function createApp(contextValues: Readonly<Record<string, unknown>> = {}, options: CreateAppOptions = {}): App {
  // CDK as a new project gets it, set here so that every way to synthesize gives the same template.
  const flags = CURRENTLY_RECOMMENDED_FLAGS;
  const app = new App({ ...options, context: { ...flags, ...contextValues }, analyticsReporting: false });
  const context = readContext(app.node.getAllContext());
  const rules = compileRules(context);
  const bundled = new Set<FunctionName>();

  for (const [index, region] of context.regions.entries()) {
    new NotifierStack(app, `MediaConnectNotifier-${region}`, {
      env: { region },
      context,
      rules,
      // A trail of all regions is made once.
      createTrail: context.createTrail && index === 0,
      bundle: (name) => {
        const outDir = join(app.outdir, 'bundles', name);
        if (!bundled.has(name)) bundleFunction(name, outDir);
        bundled.add(name);
        return outDir;
      },
    });
  }
  return app;
}
