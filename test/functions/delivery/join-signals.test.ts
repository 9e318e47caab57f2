import { describe, expect, it } from 'vitest';
import { createSignals, type Signals } from '../../../functions/delivery/join-signals.ts';
import type { Ledger } from '../../../functions/ports.ts';
import { phraseText, type SignalSettings } from '../../../shared/notification/notification.ts';
import { sayingWords } from '../../../shared/outcome/outcome-words.ts';
import type { SignalEvent } from '../../../shared/outcome/signal-event.ts';
import { type OwnRecord, ownRecordIn } from '../../../shared/outcome/signal-memory.ts';
import { aCallAt, at, flowStatus, outputHealth } from '../../shared/outcome/signal-examples.ts';
import { virtualTime } from '../virtual-time.ts';
import { aWorld } from '../world.ts';

const TROUBLE: SignalSettings = { outcomes: { say: 'trouble' }, health: { say: 'off' } };
const ALL: SignalSettings = { outcomes: { say: 'all' }, health: { say: 'off' } };

const start = aCallAt('StartFlow', 0);
const stop = aCallAt('StopFlow', 0);
const failed = flowStatus('ERROR', 'STARTING', 5);
const stopped = flowStatus('STANDBY', 'STOPPING', 3);
const other = outputHealth('CONNECTED', 'DISCONNECTED', 1);

/** How long the ledger takes. */
interface Pace {
  readonly readMs?: number;
  readonly writeMs?: number;
}

/** A flow of which MediaConnect has said something before its call is received. */
async function afterEvent(event: SignalEvent, signals: SignalSettings) {
  const time = virtualTime(at(9));
  const world = aWorld({ time });
  const { ledger, ...others } = world.notifying;
  const signalsOver = (slow: Ledger): Signals =>
    createSignals({ ...others, ledger: slow, settings: { ...others.settings, signals }, failed: new Map() });
  await time.run(signalsOver(ledger).join({ kind: 'event', event }, 1));
  const signalsAt = ({ readMs = 10, writeMs = 10 }: Pace): Signals =>
    signalsOver({
      ...ledger,
      readSignals: async (rootArn) => {
        await time.wait(readMs);
        return ledger.readSignals(rootArn);
      },
      writeSignals: async (rootArn, item) => {
        await time.wait(writeMs);
        return ledger.writeSignals(rootArn, item);
      },
    });
  const queued = (): readonly OwnRecord[] =>
    world.sqs
      .takeBatch(10)
      .map(({ body }) => ownRecordIn(body))
      .filter((own) => own !== undefined);
  const lines = (): readonly string[] =>
    queued().flatMap((own) =>
      own.kind === 'saying' ? [`${own.channel}: ${phraseText(sayingWords(own.saying))}`] : [],
    );
  return { time, signalsAt, queued, lines };
}

/** What is on the card, by what is known then. */
const onCard = (signals: Signals, call: typeof start): readonly string[] => {
  const { outcome } = signals.withOutcome(call);
  const { state, troubles = [] } = outcome ?? {};
  return [
    ...(state ? [`${state.before}${phraseText(state.words)}${state.after}`] : []),
    ...troubles.map(({ words }) => phraseText(words)),
  ];
};

const ERROR_ON_CARD = '⚠️ flow AwardsShow is in ERROR, 5 s after the call';
const ERROR_LINE = 'default: ⚠️ flow AwardsShow is in ERROR, 5 s after jane@example.org as role Operators started it';
const STANDBY_LINE =
  'default: ✔️ flow AwardsShow is now standby, 3 s after jane@example.org as role Operators stopped it';

describe('what came of a call is on its card, or in a line', () => {
  it.each<
    readonly [string, SignalEvent, typeof start, SignalSettings, Pace, number, readonly string[], readonly string[]]
  >([
    ['trouble, and a ledger that answers', failed, start, TROUBLE, {}, 10, [ERROR_ON_CARD], []],
    [
      'trouble, and a ledger that answers just in time',
      failed,
      start,
      TROUBLE,
      { readMs: 990, writeMs: 5000 },
      990,
      [ERROR_ON_CARD],
      [],
    ],
    ['trouble, and a slow read', failed, start, TROUBLE, { readMs: 1500 }, 1000, [], [ERROR_LINE]],
    ['trouble, and a slow write', failed, start, TROUBLE, { writeMs: 1500 }, 10, [ERROR_ON_CARD], []],
    ['a state, and a ledger that answers', stopped, stop, ALL, {}, 10, ['now standby, 3 s after the call'], []],
    ['a state, and a slow read', stopped, stop, ALL, { readMs: 1500 }, 1000, [], [STANDBY_LINE]],
    ['a state, and a slow write', stopped, stop, ALL, { writeMs: 1500 }, 10, ['now standby, 3 s after the call'], []],
    ['a state where only trouble is wanted, and a slow read', stopped, stop, TROUBLE, { readMs: 1500 }, 1000, [], []],
  ])('%s', async (_, event, call, settings, pace, readyMs, card, line) => {
    const { time, signalsAt, lines } = await afterEvent(event, settings);
    const signals = signalsAt(pace);
    const startMs = time.now();
    signals.take(call);
    await time.run(signals.ready([call]));
    expect(time.now() - startMs).toBe(readyMs);
    expect(onCard(signals, call)).toEqual(card);
    await time.run(signals.finish());
    expect(lines()).toEqual(line);
  });

  it.each<
    readonly [string, SignalSettings, SignalEvent, typeof start, SignalEvent, readonly string[], readonly string[]]
  >([
    ['trouble that was there, and is', TROUBLE, failed, start, other, [ERROR_ON_CARD], []],
    ['a state that was there, and is', ALL, stopped, stop, other, ['now standby, 3 s after the call'], []],
    ['trouble that somebody else wrote meanwhile', TROUBLE, other, start, failed, [], [ERROR_LINE]],
    ['a state that somebody else wrote meanwhile', ALL, other, stop, stopped, [], [STANDBY_LINE]],
  ])('by what is read: %s', async (_, settings, before, call, meanwhile, card, line) => {
    const { time, signalsAt, lines } = await afterEvent(before, settings);
    const signals = signalsAt({ writeMs: 100 });
    signals.take(call);
    await time.run(signals.ready([call]));
    expect(onCard(signals, call)).toEqual(card);
    await time.run(signalsAt({}).join({ kind: 'event', event: meanwhile }, 1));
    await time.run(signals.finish());
    expect(lines()).toEqual(line);
  });

  it.each<readonly [string, SignalSettings, SignalEvent, typeof start, readonly string[], readonly string[]]>([
    ['a state, where only trouble is wanted', TROUBLE, stopped, stop, ['now standby, 3 s after the call'], []],
    ['a state that has its line', ALL, stopped, stop, [], [STANDBY_LINE]],
    ['trouble that has its line', TROUBLE, failed, start, [], [ERROR_LINE]],
  ])('when an event comes while the call is in hand: %s', async (_, settings, event, call, card, line) => {
    const { time, signalsAt, lines } = await afterEvent(other, settings);
    const signals = signalsAt({});
    signals.take(call);
    await time.run(signals.ready([call]));
    // Twice, as EventBridge may deliver it.
    await time.run(Promise.all([signals.join({ kind: 'event', event }, 1), signals.join({ kind: 'event', event }, 1)]));
    expect(onCard(signals, call)).toEqual(card);
    await time.run(signals.join({ kind: 'event', event: other }, 1));
    await time.run(signals.finish());
    expect(onCard(signals, call)).toEqual(card);
    expect(lines()).toEqual(line);
  });

  it('a call is held up once, however often it is looked at', async () => {
    const { time, signalsAt } = await afterEvent(failed, TROUBLE);
    const signals = signalsAt({ readMs: 60_000 });
    const startMs = time.now();
    signals.take(start);
    for (let looks = 0; looks < 3; looks += 1) await time.run(signals.ready([start]));
    expect(time.now() - startMs).toBe(1000);
  });

  it('on the card of a call that comes again, if nobody said it meanwhile', async () => {
    const { time, signalsAt, lines } = await afterEvent(failed, TROUBLE);
    for (let receives = 0; receives < 2; receives += 1) {
      const signals = signalsAt({});
      signals.take(start);
      await time.run(signals.ready([start]));
      expect(onCard(signals, start)).toEqual([ERROR_ON_CARD]);
    }
    expect(lines()).toEqual([]);
  });

  it('in a line, and not on the card of a call that comes again behind it', async () => {
    const { time, signalsAt, lines } = await afterEvent(failed, TROUBLE);
    const late = signalsAt({ readMs: 1500 });
    late.take(start);
    await time.run(late.ready([start]));
    expect(onCard(late, start)).toEqual([]);
    await time.run(late.finish());
    const again = signalsAt({});
    again.take(start);
    await time.run(again.ready([start]));
    expect(onCard(again, start)).toEqual([]);
    expect(lines()).toEqual([ERROR_LINE]);
  });

  it('anew where one invocation takes the call twice, as it is known then', async () => {
    const { time, signalsAt, lines } = await afterEvent(failed, TROUBLE);
    const signals = signalsAt({});
    for (let receives = 0; receives < 2; receives += 1) {
      signals.take(start);
      await time.run(signals.ready([start]));
      expect(onCard(signals, start)).toEqual([ERROR_ON_CARD]);
    }
    expect(lines()).toEqual([]);
  });

  it('in a line once a minute is over, and then not on the card that the call gets after all', async () => {
    const { time, signalsAt, queued } = await afterEvent(failed, TROUBLE);
    const signals = signalsAt({});
    signals.take(start);
    await time.run(signals.ready([start]));
    await time.run(signals.finish());
    time.advanceTo(at(70));
    const looks = queued().filter((own) => own.kind === 'check');
    expect(looks.map(({ check: { kind, dueAtMs } }) => [kind, dueAtMs - at(9)])).toEqual([['card', 60_010]]);
    for (const look of looks) await time.run(signals.join(look, 1));
    signals.take(start);
    await time.run(signals.ready([start]));
    expect(onCard(signals, start)).toEqual([]);
  });

  it('says under which keys what a card says is not said again', async () => {
    const { time, signalsAt } = await afterEvent(failed, TROUBLE);
    const signals = signalsAt({});
    signals.take(start);
    await time.run(signals.ready([start]));
    const key = `notified#trouble#${failed.eventId}#default`;
    expect(signals.keysOfOutcome(signals.withOutcome(start))).toEqual([key]);
    expect(signals.keysOfOutcome(start)).toEqual([]);
  });
});
