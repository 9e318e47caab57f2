import { pick, type Random } from './seeded-random.ts';

const event = (detail: Readonly<Record<string, unknown>>) => ({
  source: 'aws.mediaconnect',
  'detail-type': 'AWS API Call via CloudTrail',
  detail: { eventSource: 'mediaconnect.amazonaws.com', eventName: 'StopFlow', ...detail },
});

/** Texts that no function can make a call of. Each holds its mark, by which it is found again. */
const SHAPES: readonly [(mark: string) => string, ...((mark: string) => string)[]] = [
  (mark) => `not JSON at all: ${mark}`,
  (mark) => `{"rule":"changes","channel":"default","event":{"detail":{"eventID":"${mark}"`,
  (mark) => JSON.stringify([mark]),
  (mark) => JSON.stringify({ rule: 'changes', channel: 'default', event: null, mark }),
  (mark) => JSON.stringify({ rule: 'changes', event: event({ eventID: mark }) }),
  (mark) => JSON.stringify({ rule: 'changes', channel: 'default', event: event({ eventID: mark, eventName: '' }) }),
  (mark) => JSON.stringify({ rule: 'changes', channel: 'default', event: { ...event({ mark }), source: 'aws.s3' } }),
  (mark) => `\u2028☠ "${mark}" \\ </script>`,
];

/** A record's text that is no call. */
export const malformedText = (number: number, random: Random): string => pick(random, SHAPES)(`malformed-${number}`);
