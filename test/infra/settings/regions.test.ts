import { expect, it } from 'vitest';
import { createApp } from '../../../infra/create-app.ts';
import { REGION_NAMES, warningOfRegion } from '../../../infra/settings/regions.ts';
import { stacksOf, WITHOUT_BUNDLES } from '../synthesize.ts';

const without = REGION_NAMES.filter((region) => warningOfRegion(region) !== undefined);

it('knows 34 regions, of which 23 have MediaConnect', () => {
  expect([REGION_NAMES.length, without.length]).toEqual([34, 11]);
});

it.each(without)('names for %s a region that has MediaConnect', (region) => {
  const nearest = warningOfRegion(region)?.split(' ').at(-1) ?? '';
  expect(REGION_NAMES).toContain(nearest);
  expect(warningOfRegion(nearest)).toBeUndefined();
});

it('warns at the synthesis of a stack that would be silent for ever, and of no other', () => {
  const app = createApp({ ...WITHOUT_BUNDLES, 'notifier:regions': ['eu-west-1', 'eu-south-2'] });
  const warnings = stacksOf(app).map(({ node }) =>
    node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => data),
  );
  expect(warnings).toEqual([
    [],
    [
      expect.stringContaining(
        'MediaConnect is not in eu-south-2, as far as this version knows, so nothing will ever be reported there; the nearest region that has it is eu-west-3',
      ),
    ],
  ]);
});

it('warns at the synthesis of what lets callers silence themselves', () => {
  const app = createApp({
    ...WITHOUT_BUNDLES,
    'notifier:rules': { x: { principals: { exclude: ['Operators/ci-17', 'TerraformDeploy'] } } },
  });
  const warnings = stacksOf(app).flatMap(({ node }) =>
    node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => data),
  );
  expect(warnings).toEqual([expect.stringContaining('notifier:rules.x.principals.exclude[0]: "Operators/ci-17"')]);
});
