import { BETWEEN_POSTS_MS, LONGEST_AHEAD_MS, nextSlot, type PostSlot } from '../../shared/post-slot.ts';
import type { SlotLimits } from '../ledger.ts';
import { isRefusedCondition, type LedgerTable } from './ledger-table.ts';

const KEPT_FOR_SECONDS = 24 * 60 * 60;

interface Update {
  readonly slot: string;
  readonly condition: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Queues up behind the last slot, if that is not over yet and the next one is not too late. */
const behindTheLast = ({ nowMs, latestMs }: SlotLimits): Update => ({
  slot: 'slotMs + :between',
  condition: 'slotMs BETWEEN :from AND :to',
  values: { ':between': BETWEEN_POSTS_MS, ':from': nowMs - BETWEEN_POSTS_MS, ':to': latestMs - BETWEEN_POSTS_MS },
});

/** Takes the present, if the last slot is over. */
const atOnce = ({ nowMs }: SlotLimits): Update => ({
  slot: ':now',
  condition: 'attribute_not_exists(slotMs) OR slotMs < :from OR slotMs > :credible',
  values: { ':now': nowMs, ':from': nowMs - BETWEEN_POSTS_MS, ':credible': nowMs + LONGEST_AHEAD_MS },
});

const FORMS = [atOnce, behindTheLast] as const;

/** The pace of a webhook, one item each, by which the functions give each other way. */
export function createPaceItems({ load }: LedgerTable, tableName: string) {
  /** An expression knows no maximum, so there are two writes to choose from; the one that fitted last fits mostly. */
  let fitting: 0 | 1 = 0;

  async function write(key: string, limits: SlotLimits, form: 0 | 1): Promise<PostSlot | undefined> {
    const { sdk, client } = await load();
    const { slot, condition, values } = FORMS[form](limits);
    try {
      const { Attributes: old } = await client.send(
        new sdk.UpdateItemCommand({
          TableName: tableName,
          Key: { pk: { S: key } },
          UpdateExpression: `SET slotMs = ${slot}, expiresAt = :expiresAt`,
          ConditionExpression: condition,
          ExpressionAttributeValues: {
            ':expiresAt': { N: String(Math.floor(limits.nowMs / 1000) + KEPT_FOR_SECONDS) },
            ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { N: String(value) }])),
          },
          ReturnValues: 'ALL_OLD',
        }),
      );
      fitting = form;
      return nextSlot(old?.slotMs?.N === undefined ? undefined : Number(old.slotMs.N), limits.nowMs);
    } catch (error) {
      if (isRefusedCondition(error)) return undefined;
      throw error;
    }
  }

  return {
    async reserveSlot(key: string, limits: SlotLimits): Promise<PostSlot | undefined> {
      const first = fitting;
      const other = first === 0 ? 1 : 0;
      // For one moment one of the two fits, unless somebody came in between: then the first does, or the slot is too late.
      for (const form of [first, other, first] as const) {
        const slot = await write(key, limits, form);
        if (slot !== undefined) return slot;
      }
      return undefined;
    },
  };
}
