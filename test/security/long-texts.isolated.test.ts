import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { cardText } from './card-text.ts';

it('a thousand long texts leave nothing behind in memory', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const long = 'hello#world! '.repeat(7400);
  const refused = (number: number): unknown =>
    cardText({
      eventName: 'CreateFlow',
      errorCode: 'AccessDenied',
      userAgent: `${number}${long}`,
      userIdentity: { type: 'IAMUser', userName: `${number}${long}` },
      requestParameters: { name: `${number}${long}`, source: { description: `${number}\u20ac${long}` } },
    });
  for (let number = 0; number < 100; number += 1) refused(number);
  const before = heap();
  for (let number = 100; number < 1100; number += 1) refused(number);
  // Kept, they would be 400 MB. The heap is this file's own: beside other tests it would measure theirs.
  expect(heap() - before).toBeLessThan(10_000_000);
});
