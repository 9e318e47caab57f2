import type { StackEnvironment } from '../../local/template/template.ts';

/** Where the stacks of these tests are said to live. */
export const aStackEnvironment = (changes: Partial<StackEnvironment> = {}): StackEnvironment => ({
  stackName: 'Stack',
  region: 'eu-west-1',
  account: '000000000000',
  partition: 'aws',
  endpoint: 'http://127.0.0.1:4566',
  ...changes,
});
