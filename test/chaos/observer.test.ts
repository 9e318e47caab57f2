import { describe, expect, it } from 'vitest';
import type { AcceptedPost } from '../../local/slack/slack-endpoint.ts';
import { markedName } from './marked-name.ts';
import { type Acceptance, createObserver, type ObserverOptions } from './observer.ts';

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
const anObserver = (options: Partial<ObserverOptions> = {}) =>
  createObserver({ notifies: () => true, nowMs: () => 0, ...options });
const named = (...numbers: readonly number[]): string => numbers.map(markedName).join(' ');

describe('the observer', () => {
  it.each([
    [`🔴 *On air* stopped flow ${named(7)}`, { kind: 'single', stated: 1, named: new Set([7]) }],
    [`🔴 *Off air* — it\n2 calls: ${named(1, 2)}`, { kind: 'fold', stated: 2, named: new Set([1, 2]) }],
    [
      `🔴 *Off air* — it\n3 of 1,200 calls, message 2 of 9: ${named(1, 2)}`,
      { kind: 'fold', stated: 3, named: new Set([1, 2]) },
    ],
    ['📊 *Digest* — 1,234 calls: 1,234 reads', { kind: 'digest', stated: 1234, named: new Set() }],
    ['📊 *Digest* — 1 call: 1 read', { kind: 'digest', stated: 1, named: new Set() }],
  ])('reads %j as an operator does', (headline, expected) => {
    const observer = anObserver();
    observer.accepted(aPost(headline));
    expect(observer.acceptances()).toMatchObject([expected]);
  });

  const silence = (number: number, more = ''): string =>
    `⏳ MediaConnect has not said in 2 minutes that flow \`${markedName(number)}\` stopped (\`StopFlow\` by \`jane\` as role \`Ops\`)${more}`;
  const aMessageOf = (...sections: readonly string[]): AcceptedPost =>
    aPost('', {
      message: {
        text: sections.join('\n'),
        blocks: sections.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text } })),
        unfurl_links: false,
        unfurl_media: false,
      },
    });

  it.each<[string, AcceptedPost, Pick<Acceptance, 'kind' | 'stated' | 'named'>, number]>([
    ['one thing', aMessageOf(silence(1)), { kind: 'saying', stated: 1, named: new Set([1]) }, 0],
    [
      'several, late',
      aMessageOf(silence(1), silence(2, ' · *⏰ 2 min 18 s late*')),
      { kind: 'saying', stated: 2, named: new Set([1, 2]) },
      0,
    ],
    ['the same twice', aMessageOf(silence(1), silence(1)), { kind: 'saying', stated: 2, named: new Set([1]) }, 0],
    [
      'a call beside it',
      aMessageOf(silence(1), `🔴 *Off air* — ${named(2)}`),
      { kind: 'single', stated: 1, named: new Set([1, 2]) },
      2,
    ],
    [
      'a call behind it',
      aMessageOf(silence(1, ` ${named(2)}`)),
      { kind: 'single', stated: 1, named: new Set([1, 2]) },
      2,
    ],
  ])('reads what is said of calls apart from what reports them: %s', (_, post, expected, namedCalls) => {
    const observer = anObserver();
    observer.accepted(post);
    expect([observer.acceptances(), observer.namedCalls]).toMatchObject([[expected], namedCalls]);
  });

  it('excuses what a process that ended said last beside what it reported last', () => {
    const observer = anObserver();
    observer.accepted(aMessageOf(silence(1)));
    observer.accepted(aMessageOf(silence(2)));
    observer.accepted(aPost(named(3)));
    observer.accepted(aPost(named(4)));
    observer.accepted(aMessageOf(silence(5)));
    observer.ended('P1');
    expect(observer.acceptances().map(({ unaware }) => unaware)).toEqual([
      undefined,
      undefined,
      undefined,
      'ended',
      'ended',
    ]);
  });

  it('excuses the last message to each channel of a process that ended, and no other', () => {
    const observer = anObserver();
    observer.accepted(aPost(named(1)));
    observer.accepted(aPost(named(2), { channel: 'watch' }));
    observer.accepted(aPost(named(3)));
    observer.ended('P1');
    expect(observer.acceptances().map(({ unaware }) => unaware)).toEqual([undefined, 'ended', 'ended']);
  });

  it('does not excuse who had the time to mark what Slack had taken', () => {
    let nowMs = 0;
    const observer = anObserver({ nowMs: () => nowMs });
    observer.accepted(aPost(named(1)));
    nowMs = 10_001;
    observer.accepted(aPost(named(2), { poster: 'P2' }));
    for (const poster of ['P1', 'P2', 'P3']) observer.ended(poster);
    expect(observer.acceptances().map(({ unaware }) => unaware)).toEqual([undefined, 'ended']);
    expect(observer.ends).toBe(3);
  });

  it('knows a lost answer from the end of a process, whichever is heard first', () => {
    const observer = anObserver();
    const [first, second] = [aPost(named(1)), aPost(named(2), { poster: 'P2' })];
    observer.accepted(first);
    observer.accepted(second);
    observer.answerLost(first);
    observer.ended('P1');
    observer.ended('P2');
    observer.answerLost(second);
    expect(observer.acceptances().map(({ unaware }) => unaware)).toEqual(['answer lost', 'ended']);
    expect([observer.lostAnswers, observer.ends]).toEqual([1, 2]);
  });

  it('does not take the daily summary for a message about calls', () => {
    const observer = anObserver({ notifies: (poster) => poster !== 'P1' });
    observer.accepted(aPost('*12 calls*'));
    expect(observer.acceptances()).toEqual([]);
  });
});
