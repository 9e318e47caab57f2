import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatchRules } from '../../../cli/backtest/match-rules.ts';
import { deployRule, isRoutedBy } from '../../../shared/eventbridge/rule.ts';
import { anEvent } from '../../builders.ts';
import { aRule } from './rules.ts';

const STOPS = aRule('stops', { eventName: ['StopFlow'] });
const TAGGED = aRule('tagged', { requestParameters: { tags: { key: ['team'], value: ['news'] } } });
const WITHOUT_ERROR = aRule('without error', { errorCode: [{ exists: false }] });
const ENABLED = aRule('enabled', {}, { state: 'ENABLED' });

const tags = (...list: unknown[]) => anEvent({ detail: { requestParameters: { tags: list } } });

describe('createMatchRules', () => {
  it.each([
    ['a stop', anEvent(), [[0, 2], [0]]],
    ['a start', anEvent({ detail: { eventName: 'StartFlow' } }), [[2], [0]]],
    ['an error', anEvent({ detail: { errorCode: 'Forbidden' } }), [[0], [0]]],
    ['an error code of null', anEvent({ detail: { errorCode: null } }), [[0], [0]]],
    ['an error code that is an empty list', anEvent({ detail: { errorCode: [] } }), [[0, 2], [0]]],
    ['a read', anEvent({ detail: { eventName: 'DescribeFlow', readOnly: true } }), [[2], []]],
    ['a tag', tags({ key: 'team', value: 'news' }), [[0, 1, 2], [0]]],
    ['two halves of a tag', tags({ key: 'team', value: 'sport' }, { key: 'x', value: 'news' }), [[0, 2], [0]]],
    ['an event of another kind', anEvent({ 'detail-type': 'MediaConnect Alert' }), [[], []]],
  ])('knows each time which rules of each set report %s', (_, event, expected) => {
    const matchRules = createMatchRules([[STOPS, TAGGED, WITHOUT_ERROR], [ENABLED]]);
    const asked = [anEvent(), event, anEvent({ detail: { eventName: 'Other' } }), event].map(matchRules);
    expect([asked[1], asked[3]]).toEqual([expected, expected]);
  });

  /** Few values, so that they meet; also lists, objects, and names with a dot, which are several steps. */
  const value = fc.oneof(
    fc.constantFrom<unknown>('a', 'b', '', 1, 0, -0, true, false, null, [], ['a'], ['a', 'b'], {}),
    fc.constantFrom<unknown>({ name: 'a' }, { name: ['a', 'b'] }, [{ name: 'a' }], { 'name.first': 'a' }),
  );
  const event = fc
    .dictionary(fc.constantFrom('x', 'y', 'x.name', 'y.name', 'constructor', 'readOnly', 'eventName'), value, {
      maxKeys: 5,
    })
    .map((detail) => ({ 'detail-type': 'AWS API Call via CloudTrail', detail }));

  const RULES = [
    { x: ['a'] },
    { x: [{ exists: false }] },
    { x: { name: ['a'] }, y: [{ 'anything-but': 'a' }] },
    { $or: [{ y: { name: [{ exists: true }] } }, { constructor: [{ exists: true }] }] },
    { x: [{ numeric: ['=', 0] }, null] },
  ].map((detail, index) => ({
    ...aRule(
      `rule ${index}`,
      {},
      { state: index % 2 === 0 ? 'ENABLED' : 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' },
    ),
    pattern: { detail },
  }));

  it('answers for each of many events as the rules themselves do', () => {
    const deployed = RULES.map(deployRule);
    const plain = (asked: unknown) => deployed.flatMap((rule, index) => (isRoutedBy(rule, asked) ? [index] : []));
    const matchRules = createMatchRules([RULES]);
    fc.assert(
      fc.property(fc.array(event), (events) => {
        expect(events.map((asked) => matchRules(asked))).toEqual(events.map((asked) => [plain(asked)]));
      }),
      { numRuns: 500 },
    );
  });

  it('answers with the same object for the same rules, so that they are told apart at a glance', () => {
    const matchRules = createMatchRules([[STOPS]]);
    expect(matchRules(anEvent())).toBe(matchRules(anEvent({ detail: { errorCode: ['x'] } })));
  });
});
