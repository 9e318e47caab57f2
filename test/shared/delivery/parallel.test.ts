import { expect, it } from 'vitest';
import { inParallel } from '../../../shared/delivery/parallel.ts';

it('begins nothing after the first failure, so that a service out of reach costs one wait', async () => {
  const begun: number[] = [];
  const work = async (item: number): Promise<void> => {
    begun.push(item);
    await Promise.resolve();
    if (item === 2) throw new Error('out of reach');
  };
  await expect(inParallel([1, 2, 3, 4, 5, 6, 7, 8], 2, work)).rejects.toThrow('out of reach');
  await new Promise((resolve) => setImmediate(resolve));
  // The third was begun beside the second, before that failed.
  expect(begun).toEqual([1, 2, 3]);
});
