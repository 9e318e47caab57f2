import { expect, it } from 'vitest';
import { createHandler } from '../../../functions/notifier/notify-batch.ts';
import { METADATA_EVENT } from '../../shared/outcome/documented-events.ts';
import { aServiceEvent } from '../../shared/outcome/signal-examples.ts';
import { aBody, aContext, aWorld } from '../world.ts';

const aSignalBody = (event: unknown): string => JSON.stringify({ rule: '_signal', channel: 'default', event });

it('takes MediaConnect’s own events out of the queue, counts them, and reports the call beside them', async () => {
  const world = aWorld();
  world.sqs.send(aSignalBody(aServiceEvent('Alert', { errored: true })));
  world.sqs.send(aBody(1));
  world.sqs.send(aSignalBody(METADATA_EVENT));
  const batch = world.sqs.takeBatch(10);
  const { batchItemFailures } = await createHandler(world.notifying)({ Records: [...batch] }, aContext(world));
  world.sqs.acknowledge(batch, batchItemFailures);

  expect(world.sqs.size()).toBe(0);
  expect(world.sqs.deadLetters).toEqual([]);
  expect(world.posts).toHaveLength(1);
  expect(world.telemetry.decisions.map(({ result }) => result)).toEqual(['posted']);
  expect(world.telemetry.metrics.SignalsDropped).toBe(2);
});
