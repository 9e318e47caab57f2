import { describe, expect, it } from 'vitest';
import { PageFeed } from '../../../local/page/page-feed.ts';
import { aNotifiedEvent, FakePageSource } from './fake-page-source.ts';

function aFeed(source = new FakePageSource()) {
  const tasks: (() => void)[] = [];
  const heard: [string, unknown][] = [];
  const feed = new PageFeed({ source, bootId: 'boot-1', soon: (task) => tasks.push(task) });
  feed.listen((name, event) => heard.push([name, event]));
  const runTasks = () => {
    for (const task of tasks.splice(0)) task();
  };
  return { feed, source, heard, tasks, runTasks };
}

describe('PageFeed', () => {
  it('greets with everything, and a page that was away with what it missed', () => {
    const { feed, source } = aFeed();
    source.post({ id: 'a' });
    source.post({ id: 'b' });
    const ids = (bootId: string | undefined, version: number) => feed.greet(bootId, version).cards.map(({ id }) => id);
    expect(ids(undefined, 0)).toEqual(['a', 'b']);
    expect(ids('boot-1', 1)).toEqual(['b']);
    expect(ids('boot-0', 1)).toEqual(['a', 'b']);
  });

  it('reports a message at once, and again when its events are known', () => {
    const { source, heard } = aFeed();
    source.post({ id: 'a', events: [] });
    source.post({ id: 'a', events: [aNotifiedEvent()] });
    const cards = heard.map(([name, card]) => [name, card]);
    expect(cards).toMatchObject([
      ['card', { id: 'a', version: 1, eventCount: 0 }],
      ['card', { id: 'a', version: 2, eventCount: 1 }],
    ]);
  });

  it('reports the state once for many changes of a moment, as it is then', () => {
    const { source, heard, tasks, runTasks } = aFeed();
    source.become({ received: 1 });
    source.become({ received: 2 });
    expect(tasks).toHaveLength(1);
    runTasks();
    expect(heard).toMatchObject([['state', { received: 2 }]]);
  });

  it('adds a channel that only a message names', () => {
    const { source, heard, runTasks } = aFeed();
    source.post({ id: 'a', channel: 'default' });
    runTasks();
    const notified = heard.filter(([name]) => name === 'channels').map(([, channels]) => channels);
    expect(notified).toMatchObject([[{ name: 'ops' }, { name: 'reads' }, { name: 'default', rules: [] }]]);
  });

  it('leaves the source alone once it is closed', () => {
    const { feed, source, heard } = aFeed();
    feed.close();
    source.post({ id: 'a' });
    expect([source.listenerCount, heard]).toEqual([0, []]);
  });
});
