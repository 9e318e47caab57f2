import { expect, it } from 'vitest';
import { gte } from '../../../functions/stand-ins/semver.ts';

it.each([
  ['24.21.0', '8.0.0', true],
  ['8.0.0', '8.0.0', true],
  ['v8.0.1', '8.0.0', true],
  ['7.10.2', '8.0.0', false],
  ['2.7.14', '2.7.15', false],
  ['2.10.0', '2.7.15', true],
])('%s against %s is %s', (version, least, expected) => {
  expect(gte(version, least)).toBe(expected);
});
