import { describe, expect, it } from 'vitest';
import { createMatchRules } from '../../../local/backtest/match-rules.ts';
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
  ])('knows each time which rules of each set tell %s', (_, event, expected) => {
    const matchRules = createMatchRules([[STOPS, TAGGED, WITHOUT_ERROR], [ENABLED]]);
    const asked = [anEvent(), event, anEvent({ detail: { eventName: 'Other' } }), event].map(matchRules);
    expect([asked[1], asked[3]]).toEqual([expected, expected]);
  });
});
