import { Metrics } from '@aws-lambda-powertools/metrics';
import { expect, it } from 'vitest';
import { readSamples } from '../../../local/lambda/read-samples.ts';

const line = (fields: object, directives: unknown = undefined): string =>
  JSON.stringify({
    _aws: {
      Timestamp: 1_000,
      CloudWatchMetrics: directives ?? [
        { Namespace: 'N', Dimensions: [['service']], Metrics: [{ Name: 'Age', Unit: 'Milliseconds' }] },
      ],
    },
    service: 's',
    ...fields,
  });

const sample = (value: number, changes: object = {}) => ({
  namespace: 'N',
  name: 'Age',
  dimensions: { service: 's' },
  atMs: 1_000,
  value,
  ...changes,
});

it.each<[what: string, text: string, samples: readonly object[]]>([
  ['one value', line({ Age: 5 }), [sample(5)]],
  ['several values', line({ Age: [5, 0] }), [sample(5), sample(0)]],
  ['a metric that is not there', line({}), []],
  ['a value that is none', line({ Age: 'old' }), []],
  [
    'several sets of dimensions',
    line({ Age: 1, channel: 'c' }, [
      { Namespace: 'N', Dimensions: [['service'], ['service', 'channel']], Metrics: [{ Name: 'Age' }] },
    ]),
    [sample(1), sample(1, { dimensions: { service: 's', channel: 'c' } })],
  ],
  ['a line of another kind', '{"message":"decision","CloudWatchMetrics":[]}', []],
  ['a line that breaks off', '{"_aws":{"CloudWatchMetrics":[', []],
])('reads %s', (_what, text, samples) => {
  expect(readSamples(text)).toEqual(samples);
});

it('reads what Powertools writes', () => {
  const metrics = new Metrics({ namespace: 'N', serviceName: 's' });
  metrics.addMetric('Age', 'Milliseconds', 7);
  const written = metrics.serializeMetrics();
  expect(readSamples(JSON.stringify(written))).toEqual([sample(7, { atMs: written._aws.Timestamp })]);
});
