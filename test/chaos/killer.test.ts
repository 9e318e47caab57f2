import { expect, it } from 'vitest';
import type { AcceptedPost } from '../../local/slack/slack-endpoint.ts';
import { createKiller } from './killer.ts';
import { seededRandom } from './seeded-random.ts';

const aPost = (poster: string): AcceptedPost => ({
  poster,
  channel: 'default',
  atMs: 0,
  message: { text: 'x', unfurl_links: false, unfurl_media: false },
});

const aKiller = ({ kills = 20, isAlive = () => true }: { kills?: number; isAlive?: () => boolean } = {}) => {
  const victims: string[] = [];
  let tasks: (() => void)[] = [];
  const killer = createKiller({
    kills,
    random: seededRandom(1, 'kills'),
    kill: (accessKeyId = 'one at work') => {
      if (!isAlive()) return undefined;
      victims.push(accessKeyId);
      return 1;
    },
    notifiesDigests: (poster) => poster === 'digest',
    after: (_, task) => void tasks.push(task),
  });
  const passTime = (): void => {
    const due = tasks;
    tasks = [];
    for (const task of due) task();
  };
  return { killer, victims, passTime };
};

it('kills as often as asked by the end, some at once after a message, of a digest too', () => {
  const { killer, victims, passTime } = aKiller();
  for (let percent = 0; percent <= 90; percent += 1) {
    killer.progressed(percent / 100);
    killer.accepted(aPost(percent % 9 === 0 ? 'digest' : 'notifier'));
    passTime();
  }
  passTime();
  expect([killer.kills, victims.length]).toEqual([20, 20]);
  expect(new Set(victims)).toEqual(new Set(['one at work', 'notifier', 'digest']));
});

it('does not begin before there is anything to kill for, and tries again when nobody is at work', () => {
  let isAlive = false;
  const { killer, passTime } = aKiller({ kills: 1, isAlive: () => isAlive });
  killer.progressed(0);
  passTime();
  expect(killer.kills).toBe(0);
  killer.progressed(0.9);
  passTime();
  expect(killer.kills).toBe(0);
  isAlive = true;
  passTime();
  expect(killer.kills).toBe(1);
});

it('kills nobody when the run is over', () => {
  const { killer, passTime } = aKiller();
  killer.stop();
  killer.progressed(1);
  passTime();
  expect(killer.kills).toBe(0);
});
