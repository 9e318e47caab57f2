import { describe, expect, it } from 'vitest';
import { explainMatch } from '../../../local/page/explain-match.ts';
import { anEvent } from '../../builders.ts';

describe('explainMatch', () => {
  it('puts each condition beside what the event has', () => {
    const pattern = {
      source: ['aws.mediaconnect'],
      detail: { eventName: [{ prefix: 'Stop' }], errorCode: [{ exists: false }] },
    };
    expect(explainMatch(pattern, anEvent())).toEqual([
      { path: 'source', wanted: ['aws.mediaconnect'], others: 0, found: 'aws.mediaconnect', holds: true },
      { path: 'detail.eventName', wanted: [{ prefix: 'Stop' }], others: 0, found: 'StopFlow', holds: true },
      { path: 'detail.errorCode', wanted: [{ exists: false }], others: 0, found: undefined, holds: true },
    ]);
  });

  it('says which branch of an or made it match', () => {
    const pattern = { detail: { $or: [{ readOnly: [true] }, { eventName: ['StopFlow'] }] } };
    expect(explainMatch(pattern, anEvent())).toEqual([
      { path: 'detail.readOnly', wanted: [true], others: 0, found: false, holds: false },
      { path: 'detail.eventName', wanted: ['StopFlow'], others: 0, found: 'StopFlow', holds: true },
    ]);
  });

  it('shows of many alternatives the one that made it match', () => {
    const prefixes = ['Add', 'Create', 'Delete', 'Start', 'Stop'].map((prefix) => ({ prefix }));
    expect(explainMatch({ detail: { eventName: prefixes } }, anEvent())).toEqual([
      { path: 'detail.eventName', wanted: [{ prefix: 'Stop' }], others: 4, found: 'StopFlow', holds: true },
    ]);
  });

  it('looks into arrays on the way', () => {
    const detail = { requestParameters: { outputs: [{ protocol: 'srt-caller' }, { protocol: 'rtp' }] } };
    const pattern = { detail: { requestParameters: { outputs: { protocol: ['rtp'] } } } };
    expect(explainMatch(pattern, anEvent({ detail }))).toEqual([
      {
        path: 'detail.requestParameters.outputs.protocol',
        wanted: ['rtp'],
        others: 0,
        found: ['srt-caller', 'rtp'],
        holds: true,
      },
    ]);
  });

  it('does not take what every object inherits for a field', () => {
    const [condition] = explainMatch({ detail: { constructor: [{ exists: false }] } }, anEvent());
    expect(condition?.found).toBe(undefined);
  });
});
