import { sampleArn, sampleEvent } from '../../local/sample-day/sample-call.ts';

const FLOW = 'Smoke-Test-Of-The-Notifier';
const ARN = sampleArn('flow', '1-UFcDVAcGAlZQVg8F-3f2b8c1d9e40', FLOW);

/** A made-up call that nobody in the channel takes for a real one. */
export const smokeCall = (region: string, nowMs: number, newId: () => string): Readonly<Record<string, unknown>> => {
  const event = sampleEvent(
    {
      by: 'jane',
      operation: 'StartFlow',
      parameters: { flowArn: encodeURIComponent(ARN) },
      response: { flowArn: ARN, status: 'STARTING' },
    },
    nowMs,
    newId,
  );
  return { ...event, region, detail: { ...(event.detail as object), awsRegion: region } };
};
