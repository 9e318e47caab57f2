import { IMPACTS } from '../../shared/operations.ts';
import { createFirstItems } from './first-items.ts';
import type { DroppedCall, UnreadableFile } from './scan-part.ts';

/** Dropped calls that are listed; the others are counted. */
const MOST_DROPPED_CALLS = 1000;
/** Unreadable files that are named; the others are counted. */
const MOST_UNREADABLE_FILES = 100;

const inTextOrder = (left: string, right: string): number => (left < right ? -1 : Number(left > right));

/** The calls of the gravest effect, the earliest of those, the same ones whichever thread found them. */
export const createFirstDropped = () =>
  createFirstItems<DroppedCall>(
    MOST_DROPPED_CALLS,
    (left, right) =>
      IMPACTS.indexOf(left.impact) - IMPACTS.indexOf(right.impact) ||
      inTextOrder(left.time, right.time) ||
      inTextOrder(left.eventId, right.eventId),
  );

export const createFirstUnreadable = () =>
  createFirstItems<UnreadableFile>(MOST_UNREADABLE_FILES, (left, right) => left.at - right.at);
