import { expect, it } from 'vitest';
import { planEach } from '../../../functions/delivery/plan-each.ts';
import type { Notification } from '../../../shared/notification.ts';
import { aNotification } from '../../notification-builder.ts';

const FAULT = new Error('a fault of ours');
const unrenderable = (): Notification =>
  Object.defineProperty({ ...aNotification() }, 'sentence', {
    get: () => {
      throw FAULT;
    },
  });

const idsIn = (notifications: readonly Notification[]) =>
  planEach(notifications, () => ({})).messages.map((planned) => planned.notifications.map(({ eventId }) => eventId));

it('plans the calls of a channel together', () => {
  const notifications = ['a', 'b'].map((eventId) => aNotification({ eventId }));
  expect(planEach(notifications, () => ({})).failed).toEqual([]);
  expect(idsIn(notifications).flat().sort()).toEqual(['a', 'b']);
});

it('lets a call that rendering throws for cost only itself', () => {
  const bad = unrenderable();
  const notifications = [aNotification({ eventId: 'a' }), bad, aNotification({ eventId: 'b' })];
  expect(planEach(notifications, () => ({})).failed).toEqual([{ notification: bad, error: FAULT }]);
  expect(idsIn(notifications)).toEqual([['a'], ['b']]);
});

it('says of a call on its own that it cannot be rendered', () => {
  const bad = unrenderable();
  expect(planEach([bad], () => ({}))).toEqual({ messages: [], failed: [{ notification: bad, error: FAULT }] });
});
