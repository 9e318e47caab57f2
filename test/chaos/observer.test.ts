import { describe, expect, it } from 'vitest';
import type { AcceptedPost } from '../../local/slack/slack-endpoint.ts';
import { markedName } from './marked-name.ts';
import { createWitness, type WitnessOptions } from './observer.ts';

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

/** One who takes every poster for a teller, and whose clock stands still. */
const aWitness = (options: Partial<WitnessOptions> = {}) =>
  createWitness({ tells: () => true, nowMs: () => 0, ...options });
const named = (...numbers: readonly number[]): string => numbers.map(markedName).join(' ');

describe('the witness', () => {
  it.each([
    [`🔴 *On air* stopped flow ${named(7)}`, { kind: 'single', stated: 1, named: new Set([7]) }],
    [`🔴 *2 calls* ${named(1, 2)}`, { kind: 'fold', stated: 2, named: new Set([1, 2]) }],
    [`🔴 *3 of 1,200 calls, message 2 of 9* ${named(1, 2)}`, { kind: 'fold', stated: 3, named: new Set([1, 2]) }],
    ['📊 *Digest: 1,234 calls* — 1,234 reads', { kind: 'digest', stated: 1234, named: new Set() }],
    ['📊 *Digest: 1 call* — 1 read', { kind: 'digest', stated: 1, named: new Set() }],
  ])('reads %j as an operator does', (headline, expected) => {
    const witness = aWitness();
    witness.accepted(aPost(headline));
    expect(witness.acceptances()).toMatchObject([expected]);
  });

  it('excuses the last message to each channel of a process that ended, and no other', () => {
    const witness = aWitness();
    witness.accepted(aPost(named(1)));
    witness.accepted(aPost(named(2), { channel: 'watch' }));
    witness.accepted(aPost(named(3)));
    witness.ended('P1');
    expect(witness.acceptances().map(({ unaware }) => unaware)).toEqual([undefined, 'ended', 'ended']);
  });

  it('does not excuse who had the time to mark what Slack had taken', () => {
    let nowMs = 0;
    const witness = aWitness({ nowMs: () => nowMs });
    witness.accepted(aPost(named(1)));
    nowMs = 10_001;
    witness.accepted(aPost(named(2), { poster: 'P2' }));
    for (const poster of ['P1', 'P2', 'P3']) witness.ended(poster);
    expect(witness.acceptances().map(({ unaware }) => unaware)).toEqual([undefined, 'ended']);
    expect(witness.ends).toBe(3);
  });

  it('knows a lost answer from the end of a process, whichever is heard first', () => {
    const witness = aWitness();
    const [first, second] = [aPost(named(1)), aPost(named(2), { poster: 'P2' })];
    witness.accepted(first);
    witness.accepted(second);
    witness.answerLost(first);
    witness.ended('P1');
    witness.ended('P2');
    witness.answerLost(second);
    expect(witness.acceptances().map(({ unaware }) => unaware)).toEqual(['answer lost', 'ended']);
    expect([witness.lostAnswers, witness.ends]).toEqual([1, 2]);
  });

  it('does not take the daily summary for a message about calls', () => {
    const witness = aWitness({ tells: (poster) => poster !== 'P1' });
    witness.accepted(aPost('*12 calls*'));
    expect(witness.acceptances()).toEqual([]);
  });
});
