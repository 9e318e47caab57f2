import { describe, expect, it } from 'vitest';
import { type DayCounters, together } from '../../../shared/delivery/day-counters.ts';

const part = (counts: Readonly<Record<string, number>>, slowestDeliveryMs?: number): DayCounters => ({
  counts,
  slowestDeliveryMs,
});

describe('together', () => {
  it('adds what both parts count, and keeps what one does', () => {
    expect(together(part({ told: 1, folded: 2 }, 500), part({ folded: 3, deadLettered: 1 }, 700))).toEqual(
      part({ told: 1, folded: 5, deadLettered: 1 }, 700),
    );
  });

  it.each([
    [part({ told: 1 }, 500), part({ told: 1 }), 500],
    [part({ told: 1 }), part({ told: 1 }, 700), 700],
    [part({ told: 1 }, 700), part({ told: 1 }, 500), 700],
    [part({ told: 1 }), part({ told: 1 }), undefined],
  ])('of %j and %j the slowest is %s', (one, other, slowest) => {
    expect(together(one, other)).toEqual(part({ told: 2 }, slowest));
  });

  it('begins with the first part, and changes neither', () => {
    const [one, other] = [part({ told: 1 }), part({ told: 2 })];
    expect(together(undefined, one)).toEqual(part({ told: 1 }));
    together(one, other);
    expect([one, other]).toEqual([part({ told: 1 }), part({ told: 2 })]);
  });
});
