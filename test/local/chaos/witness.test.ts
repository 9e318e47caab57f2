import { describe, expect, it } from 'vitest';
import type { AwsRequest } from '../../../local/aws/aws-service.ts';
import { markedEventId, markedName } from '../../../local/chaos/marked-name.ts';
import { createWitness } from '../../../local/chaos/witness.ts';
import type { AcceptedPost } from '../../../local/slack/slack-endpoint.ts';

const aPost = (headline: string, changes: Partial<AcceptedPost> = {}): AcceptedPost => ({
  poster: 'P1',
  channel: 'default',
  atMs: 0,
  message: {
    text: headline,
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: headline } }],
    unfurl_links: false,
    unfurl_media: false,
  },
  ...changes,
});

const aMarking = (numbers: readonly number[], changes: Partial<AwsRequest> = {}): AwsRequest => ({
  path: '/',
  headers: {},
  operation: 'BatchWriteItem',
  accessKeyId: 'P1',
  body: Buffer.from(
    JSON.stringify({
      RequestItems: {
        Ledger: numbers.map((number) => ({
          PutRequest: { Item: { pk: { S: `told#${markedEventId(number)}#default` }, toldAtMs: { N: '1' } } },
        })),
      },
    }),
  ),
  ...changes,
});
const TAKEN = { status: 200, headers: {}, body: '{}' };
const named = (...numbers: readonly number[]): string => numbers.map(markedName).join(' ');

describe('the witness', () => {
  it.each([
    [`🔴 *On air* stopped flow ${named(7)}`, { kind: 'single', stated: 1, named: new Set([7]) }],
    [`🔴 *2 calls* ${named(1, 2)}`, { kind: 'several', stated: 2, named: new Set([1, 2]) }],
    [`🔴 *3 of 1,200 calls, message 2 of 9* ${named(1, 2)}`, { kind: 'several', stated: 3, named: new Set([1, 2]) }],
    ['📊 *Digest: 1,234 calls* — 1,234 reads', { kind: 'several', stated: 1234, named: new Set() }],
    ['📊 *Digest: 1 call* — 1 read', { kind: 'several', stated: 1, named: new Set() }],
  ])('reads %j as an operator does', (headline, expected) => {
    const witness = createWitness(() => true);
    witness.accepted(aPost(headline));
    expect(witness.acceptances()).toMatchObject([expected]);
  });

  it('gives marks to the message that names the call, else to the last of that process', () => {
    const witness = createWitness(() => true);
    for (const headline of [`*2 calls* ${named(1, 2)}`, '*Digest: 1 call*']) witness.accepted(aPost(headline));
    witness.accepted(aPost(`*2 calls* ${named(1, 2)}`, { poster: 'P2' }));
    witness.served(aMarking([1, 9]), TAKEN);
    witness.served(aMarking([2]), { ...TAKEN, status: 500 });
    witness.served(aMarking([2], { operation: 'PutItem' }), TAKEN);
    expect(witness.acceptances().map(({ marked }) => [...marked])).toEqual([[1], [9], []]);
  });

  it('excuses the last message to each channel of a process that ended, and no other', () => {
    const witness = createWitness(() => true);
    witness.accepted(aPost(named(1)));
    witness.accepted(aPost(named(2), { channel: 'watch' }));
    witness.accepted(aPost(named(3)));
    witness.ended('P1');
    expect(witness.acceptances().map(({ unaware }) => unaware)).toEqual([undefined, 'ended', 'ended']);
  });

  it('knows a lost answer from the end of a process, whichever is heard first', () => {
    const witness = createWitness(() => true);
    const [first, second] = [aPost(named(1)), aPost(named(2), { poster: 'P2' })];
    witness.accepted(first);
    witness.accepted(second);
    witness.answerLost(first);
    witness.ended('P1');
    witness.ended('P2');
    witness.answerLost(second);
    expect(witness.acceptances().map(({ unaware }) => unaware)).toEqual(['answer lost', 'ended']);
  });

  it('does not take the daily summary for a message about calls', () => {
    const witness = createWitness((poster) => poster !== 'P1');
    witness.accepted(aPost('*12 calls*'));
    expect(witness.acceptances()).toEqual([]);
  });
});
