import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { startPipeline } from '../../local/start-pipeline.ts';
import { anEvent } from '../builders.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'pipeline-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

it('what waits is told after a restart, and what was told is not told again', { timeout: 120_000 }, async () => {
  const [told, waiting] = [randomUUID(), randomUUID()];
  const eventOf = (eventID: string) => anEvent({ detail: { eventID } });
  const results: string[] = [];
  const start = async () => {
    const pipeline = await startPipeline({ context: {}, dataDir, page: false });
    pipeline.onOutcome(({ eventId, result, reason }) =>
      results.push([eventId === told ? 'told' : 'waiting', result, reason].join(' ').trim()),
    );
    return pipeline;
  };

  const before = await start();
  await before.putEvent(eventOf(told));
  await before.settled();
  before.slack.set('500');
  await before.putEvent(eventOf(waiting));
  const refused = Promise.withResolvers<void>();
  const watch = setInterval(() => before.state().refusals > 0 && refused.resolve(), 20);
  await refused.promise;
  clearInterval(watch);
  await before.stop();

  const after = await start();
  await after.putEvent(eventOf(told));
  await after.settled();
  const messages = after.messages().length;
  await after.stop();
  expect([results.toSorted(), messages]).toEqual([['told posted', 'told posted told before', 'waiting posted'], 1]);
});
