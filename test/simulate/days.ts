import type { Chance } from './chance.ts';
import { DIGEST_MS } from './functions-under-test.ts';
import type { LambdaFunction } from './lambda.ts';
import type { FunctionName, Process } from './process.ts';
import type { Queue } from './queues.ts';
import type { Scheduler } from './scheduler.ts';
import type { Secret } from './secret.ts';
import type { Fact, SignalArrival, SignalWorkload } from './signals.ts';
import { type Climate, climateOfDay, DAY_MS, type Episode, episodesOfDay, type Trouble } from './trouble.ts';
import type { Arrival, Call, QueueName, Workload } from './workload.ts';

export interface DaysOptions {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly endMs: number;
  readonly queues: Readonly<Record<QueueName, Queue>>;
  readonly lambdas: Readonly<Record<FunctionName, LambdaFunction>>;
  readonly secret: Secret;
  readonly trouble: Trouble;
  readonly workload: Workload;
  /** Called with what the day is like before it begins. */
  readonly onClimate: (climate: Climate) => void;
  readonly onCall: (call: Call) => void;
  /** Called with a record just before it comes into its queue. */
  readonly onArrival: (arrival: Arrival) => void;
  /** What MediaConnect says by itself; `undefined` where nobody wants it. */
  readonly signals: SignalWorkload | undefined;
  readonly onFact: (fact: Fact) => void;
  readonly onInvocation: (process: Process) => void;
  /** Hears, an hour after the summaries were due, when they were. */
  readonly onSummaryDue: (dueMs: number) => void;
  readonly onEpisode: (what: 'begins' | 'ends', episode: Episode) => void;
  readonly onDeployment: () => void;
  readonly onExchange: (place: number) => void;
  /** A webhook is gone, and the next one is not in the secret before that moment. */
  readonly onRevoked: (place: number, untilMs: number) => void;
  /** Somebody brings back what lies in the dead-letter queue because Slack refused its channel. */
  readonly onRedrive: () => void;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** 00:10 UTC. */
const SUMMARY_AT_MS = 10 * MINUTE_MS;
/** Lambda's own retries of an asynchronous invocation; the stack turns them off for the digest. */
const RETRIES_MS: Readonly<Record<'digest' | 'summary', readonly number[]>> = {
  digest: [],
  summary: [MINUTE_MS, 2 * MINUTE_MS],
};
/** Schedules start their target at least once, and within a minute. */
const STARTED_TWICE = 0.01;
const STARTED_WITHIN_MS = 5000;
const EXCHANGED = 0.1;
const DEPLOYED = 0.15;
/** So many webhooks are gone before the next one is there. */
const CARELESS = 0.3;
/** On so many days a thousand calls wait for Slack. */
const STORMY = 0.04;
const STORMY_MOODS = ['server errors', 'rate limiting', 'silent', 'resetting', 'behind a proxy'] as const;

/** Lets days pass: calls come in, schedules run, things go wrong, and people change what is deployed. */
export function startDays(options: DaysOptions): void {
  const { scheduler, chance, endMs, queues, lambdas, secret, trouble, workload } = options;
  const schedules = chance.fork('schedules');
  const weather = chance.fork('weather');
  const storms = chance.fork('storms');

  function invoke(name: 'digest' | 'summary', retriesMs: readonly number[]): void {
    const [retryMs, ...laterMs] = retriesMs;
    lambdas[name].invoke(
      { 'detail-type': 'Scheduled Event' },
      {
        start: options.onInvocation,
        end: ({ kind }) => {
          if (kind === 'failed' && retryMs !== undefined) scheduler.after(retryMs, () => invoke(name, laterMs));
        },
      },
    );
  }

  function every(periodMs: number, firstMs: number, name: 'digest' | 'summary'): void {
    const run = (): void => invoke(name, RETRIES_MS[name]);
    scheduler.at(firstMs + schedules.between(0, STARTED_WITHIN_MS), () => {
      run();
      if (schedules.is(STARTED_TWICE)) scheduler.after(schedules.around(STARTED_WITHIN_MS), run);
    });
    scheduler.at(firstMs + periodMs - 1, () => every(periodMs, firstMs + periodMs, name));
  }

  /** EventBridge tries again for a day, so a queue out of reach delays what comes in. */
  function arrive(arrival: Arrival): void {
    if (!trouble.areQueuesInReach()) {
      scheduler.after(weather.between(1000, 20_000), () => arrive(arrival));
      return;
    }
    options.onArrival(arrival);
    queues[arrival.route.queue].send(arrival.body);
  }

  function arriveAside(arrival: SignalArrival): void {
    if (trouble.areQueuesInReach()) queues.immediate.send(arrival.body);
    else scheduler.after(weather.between(1000, 20_000), () => arriveAside(arrival));
  }

  function sayOfDay(dayMs: number, calls: readonly Arrival[]): void {
    for (const arrival of options.signals?.arrivalsOfDay(dayMs, endMs, calls) ?? []) {
      options.onFact(arrival.fact);
      scheduler.at(arrival.atMs, () => arriveAside(arrival));
    }
  }

  function happen(episode: Episode): void {
    scheduler.at(episode.fromMs, () => {
      trouble.begin(episode);
      options.onEpisode('begins', episode);
    });
    scheduler.at(episode.untilMs, () => {
      trouble.end(episode);
      options.onEpisode('ends', episode);
    });
  }

  /** As a careful admin does it: the new webhook first, the old one gone when the new one is in use. */
  function exchange(place: number): void {
    options.onExchange(place);
    const old = secret.exchange(place);
    scheduler.after(weather.between(0, HOUR_MS), () => secret.revoke(old));
  }

  /** As it happens: the webhook is gone, somebody notices and makes a new one, and brings the dead letters back. */
  function loseWebhook(place: number): void {
    const gapMs = weather.between(10_000, HOUR_MS / 2);
    options.onRevoked(place, scheduler.nowMs() + gapMs);
    secret.revoke(secret.urls()[place] ?? '');
    scheduler.after(gapMs, () => exchange(place));
    scheduler.after(gapMs + weather.between(MINUTE_MS, HOUR_MS), options.onRedrive);
  }

  function changeWebhook(): void {
    const place = weather.between(0, secret.urls().length - 1);
    if (weather.is(CARELESS)) loseWebhook(place);
    else exchange(place);
  }

  /** Slack is away, and hundreds of calls come in meanwhile. */
  function stormOf(dayMs: number): { readonly episodes: readonly Episode[]; readonly moments: readonly number[] } {
    if (!storms.is(STORMY)) return { episodes: [], moments: [] };
    const durationMs = storms.between(6 * MINUTE_MS, HOUR_MS / 2);
    const fromMs = dayMs + storms.between(0, DAY_MS - durationMs - HOUR_MS);
    const untilMs = fromMs + durationMs;
    return {
      episodes: [{ part: 'slack', mood: storms.pick(STORMY_MOODS), url: 'all', fromMs, untilMs }],
      moments: Array.from({ length: storms.between(1500, 2200) }, () => storms.between(fromMs, untilMs - MINUTE_MS)),
    };
  }

  function deploy(): void {
    options.onDeployment();
    for (const each of Object.values(lambdas)) each.replaceAll();
  }

  /** Moments in the middle of trouble, at which calls come in too. */
  const momentsOf = (episodes: readonly Episode[], lastMs: number): readonly number[] =>
    episodes
      .filter(({ fromMs, untilMs }) => untilMs - fromMs > 10_000)
      .flatMap(({ fromMs, untilMs }) =>
        Array.from({ length: 20 }, () => weather.between(fromMs, Math.min(untilMs, lastMs))),
      );

  function begin(dayMs: number): void {
    options.onClimate(climateOfDay(weather));
    const someTime = (): number => dayMs + weather.between(0, DAY_MS - 1);
    const episodes = episodesOfDay(dayMs, { chance: weather, urls: secret.urls(), lastMs: endMs });
    const storm = stormOf(dayMs);
    for (const episode of [...episodes, ...storm.episodes]) happen(episode);
    const busyMs = momentsOf(episodes, dayMs + DAY_MS - 1);
    const arrivals = workload.arrivalsOfDay({ dayMs, busyMs, stormMs: storm.moments, endMs });
    sayOfDay(dayMs, arrivals);
    for (const arrival of arrivals) {
      options.onCall(arrival.call);
      scheduler.at(arrival.atMs, () => arrive(arrival));
    }
    if (weather.is(EXCHANGED)) scheduler.at(someTime(), changeWebhook);
    if (weather.is(DEPLOYED)) scheduler.at(someTime(), deploy);
    const summaryMs = dayMs + SUMMARY_AT_MS;
    scheduler.at(summaryMs + HOUR_MS, () => options.onSummaryDue(summaryMs));
    if (dayMs + DAY_MS < endMs) scheduler.at(dayMs + DAY_MS, () => begin(dayMs + DAY_MS));
  }

  const startMs = scheduler.nowMs();
  every(DIGEST_MS, startMs + schedules.between(0, DIGEST_MS), 'digest');
  every(DAY_MS, startMs + SUMMARY_AT_MS, 'summary');
  begin(startMs);
}
