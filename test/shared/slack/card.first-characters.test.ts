import { describe, expect, it } from 'vitest';
import { VERBS, verbOf } from '../../../shared/call/operations.ts';
import { phraseText } from '../../../shared/notification/notification.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { aCall, aRecord } from '../../builders.ts';
import { CALL_EXAMPLES } from '../call/call-examples.ts';

/** What a phone and a lock screen show of a notification. */
const SHOWN = 75;

const NAMES =
  /CupFinal-Main|Stadium-North|Stadium|OB-van(?:-2|-feed)?|cdn-b|cdn-north|lan-out|cloud-feed|partner-main|video-1|studio-vpc|studio-net|Season-26|medialive-input-1/g;

/** The example with names as long as people make them. */
const long = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value).replaceAll(NAMES, (name) => name.padEnd(20, 'x')));

const IDENTITY = JSON.parse(
  JSON.stringify(aRecord().userIdentity).replaceAll('jane@example.org', 'firstname.lastname@broadcaster.example.org'),
);

const DONE = new RegExp(
  `\\b(?:${[...Object.values(VERBS).map(({ done }) => done), 'now', 'set to', 'may receive', 'disabled', 'locked'].join('|')})\\b`,
);

/** Where effect, verb and the name of the thing have all been said. */
function saidBy(text: string, sentence: ReturnType<typeof aCall>['sentence'], hasWorked: boolean): number {
  const name = sentence.find(({ kind }) => kind === 'name')?.text ?? phraseText(sentence).split(' (')[0] ?? '';
  const nameEnd = text.indexOf(name) + name.length;
  const verb = hasWorked ? DONE.exec(text) : null;
  return [...text.slice(0, Math.max(nameEnd, verb === null ? 0 : verb.index + verb[0].length))].length;
}

const OUTCOMES = [
  ['succeeded', {}],
  ['denied', { errorCode: 'AccessDenied' }],
  ['failed', { errorCode: 'ConflictException' }],
] as const;

/** What does not fit, and why: effect and object always do. */
const TWO_NAMES = 'two names with their nouns; that it was changed is said first';
const TOO_LONG: ReadonlyMap<string, string> = new Map([
  ['DescribeGatewayInstance succeeded', 'the id of an instance and the name of its gateway; nobody waits for it'],
  ['RevokeFlowEntitlement succeeded', 'for whom it is off air counts more than the verb'],
  ['UpdateBridgeOutput succeeded', TWO_NAMES],
  ['UpdateBridgeSource succeeded', TWO_NAMES],
  ['UpdateFlowEntitlement succeeded', 'for whom it is off air counts more than the verb'],
  ['UpdateFlowMediaStream succeeded', TWO_NAMES],
  ['UpdateFlowOutput succeeded', TWO_NAMES],
  ['UpdateFlowSource succeeded', TWO_NAMES],
  ['UpdateGatewayInstance succeeded', 'the id of an instance and the name of its gateway'],
]);

const CALLS = Object.entries(CALL_EXAMPLES).flatMap(([eventName, example]) =>
  OUTCOMES.map(([outcome, error]) => {
    const { request, response = null } = long(example);
    const detail = { userIdentity: IDENTITY, requestParameters: request, ...error };
    const call = aCall(eventName, { ...detail, responseElements: outcome === 'succeeded' ? response : null });
    return { eventName, outcome, call, text: renderNotification(call, {}).text };
  }),
);

it('reports effect, object and verb in the first 75 characters, whoever did it', () => {
  const long = CALLS.filter(({ text, call, outcome }) => saidBy(text, call.sentence, outcome === 'succeeded') > SHOWN);
  expect(long.map(({ eventName, outcome }) => `${eventName} ${outcome}`)).toEqual([...TOO_LONG.keys()]);
});

describe.each(CALLS)('$eventName that $outcome', ({ eventName, outcome, call, text }) => {
  it('ends in who, the role beside the name that the caller chose', () => {
    expect(text).toContain(`${call.by}firstname.lastname@broadcaster.example.org as role Operators (`);
  });

  it('says what was done only if it was', () => {
    const claims = text.slice(0, text.indexOf(call.by)).match(/[Cc]hanged|\bnow\b/g) ?? [];
    expect(outcome === 'succeeded' ? [] : claims).toEqual([]);
    if (outcome !== 'succeeded') expect(text).not.toContain(` ${verbOf(eventName)?.done} `);
  });

  it('has the same words in the first block', () => {
    const [headline] = renderNotification(call, {}).blocks ?? [];
    const shown = headline?.type === 'section' ? (headline.text?.text ?? '') : '';
    const plain = (words: string): string =>
      words
        .replace(/[`*\u2236:“”]/g, '')
        .replace(' — ', ' ')
        .replace(/ \(111122223333, eu-west-1\)$/, '');
    expect(plain(shown)).toBe(plain(text));
  });
});

it('reports effect and object in the first 75 characters without exception', () => {
  const long = CALLS.filter(({ text, call }) => saidBy(text, call.sentence, false) > SHOWN);
  expect(long.map(({ eventName, outcome }) => `${eventName} ${outcome}`)).toEqual([]);
});
