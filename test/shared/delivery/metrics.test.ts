import { describe, expect, it } from 'vitest';
import { type DayCounters, together } from '../../../shared/delivery/metrics.ts';

const part = (counts: Readonly<Record<string, number>>, slowestDeliveryMs?: number): DayCounters => ({
  counts,
  slowestDeliveryMs,
});

describe('together', () => {
  it('adds what both parts count, and keeps what one does', () => {
    expect(together(part({ notified: 1, folded: 2 }, 500), part({ folded: 3, deadLettered: 1 }, 700))).toEqual(
      part({ notified: 1, folded: 5, deadLettered: 1 }, 700),
    );
  });

  it.each([
    [part({ notified: 1 }, 500), part({ notified: 1 }), 500],
    [part({ notified: 1 }), part({ notified: 1 }, 700), 700],
    [part({ notified: 1 }, 700), part({ notified: 1 }, 500), 700],
    [part({ notified: 1 }), part({ notified: 1 }), undefined],
  ])('of %j and %j the slowest is %s', (one, other, slowest) => {
    expect(together(one, other)).toEqual(part({ notified: 2 }, slowest));
  });

  it('begins with the first part, and changes neither', () => {
    const [one, other] = [part({ notified: 1 }), part({ notified: 2 })];
    expect(together(undefined, one)).toEqual(part({ notified: 1 }));
    together(one, other);
    expect([one, other]).toEqual([part({ notified: 1 }), part({ notified: 2 })]);
  });
});
