import { setTimeout } from 'node:timers/promises';
import type { Pipeline } from '../../local/pipeline.ts';
import { busEvent, callShape } from './workload.ts';

/** When each call was put on the bus, by its event id. */
export type PutAt = ReadonlyMap<string, number>;

let calls = 0;

/** Puts one call on the bus. */
async function putCall(pipeline: Pipeline, putAt: Map<string, number>): Promise<void> {
  calls += 1;
  const eventID = `0be9c400-0000-4000-8000-${String(calls).padStart(12, '0')}`;
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  const event = busEvent({ ...callShape('UpdateFlowOutput'), eventID, eventTime: time });
  putAt.set(eventID, Date.now());
  await pipeline.putEvent(event);
}

/** Puts so many calls on the bus, so many a second. */
export async function putCalls(pipeline: Pipeline, total: number, perSecond: number): Promise<PutAt> {
  const putAt = new Map<string, number>();
  const startMs = Date.now();
  for (let index = 0; index < total; index += 1) {
    const waitMs = startMs + (index * 1000) / perSecond - Date.now();
    if (waitMs > 0) await setTimeout(waitMs);
    await putCall(pipeline, putAt);
  }
  return putAt;
}

/** How long after it was put each call's message was posted. @throws unless each was reported once. */
export function delaysOf(pipeline: Pipeline, putAt: PutAt): readonly number[] {
  const delays = pipeline.messages().flatMap(({ postedAtMs, events }) =>
    events.flatMap(({ eventId }) => {
      const put = putAt.get(eventId);
      return put === undefined ? [] : [postedAtMs - put];
    }),
  );
  if (delays.length !== putAt.size)
    throw new Error(`${putAt.size} calls were put on the bus, ${delays.length} reported`);
  return delays;
}
