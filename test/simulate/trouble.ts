import type { Fault, Network, ServiceName } from './aws-client.ts';
import type { Chance } from './chance.ts';
import type { Mood } from './slack.ts';

/** Something that goes wrong for a while. */
export type Episode = {
  readonly fromMs: number;
  readonly untilMs: number;
} & (
  | { readonly part: 'slack'; readonly mood: Mood; readonly url: string | 'all' }
  | { readonly part: ServiceName; readonly mood: AwsMood }
);

export type AwsMood = 'unreachable' | 'silent' | 'throttling' | 'server errors' | 'answers get lost' | 'slow';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY_MS = 24 * HOUR;

const SLACK_MOODS = [
  'server errors',
  'server errors',
  'rate limiting',
  'silent',
  'resetting',
  'behind a proxy',
  'somebody else answers',
  'answers get lost',
] as const satisfies readonly Mood[];

const AWS_MOODS = [
  'unreachable',
  'silent',
  'throttling',
  'server errors',
  'answers get lost',
  'slow',
] as const satisfies readonly AwsMood[];

const AWS_FAULTS: Readonly<Record<AwsMood, readonly (readonly [weight: number, fault: Fault])[]>> = {
  unreachable: [[1, 'unreachable']],
  silent: [
    [5, 'silent'],
    [1, 'deaf'],
  ],
  throttling: [
    [4, 'throttled'],
    [1, 'none'],
  ],
  'server errors': [
    [6, 'server error'],
    [1, 'server error after the effect'],
    [1, 'none'],
  ],
  'answers get lost': [
    [4, 'none'],
    [1, 'answer lost'],
    [1, 'deaf'],
  ],
  slow: [
    [20, 'none'],
    [1, 'late'],
  ],
};

/** How much goes wrong, drawn anew for each day: what never fails hides what a day of failures shows. */
export interface Climate {
  /** A process dies at one in so many of its steps, */
  readonly killed: number;
  /** and more often when it has just posted: that is what repeats a message. */
  readonly killedAfterAPost: number;
  /** One in so many requests to AWS has a fault. */
  readonly faulty: number;
  /** One in so many items of a batch is left undone. */
  readonly unprocessed: number;
  /** One in so many calls comes more than once. */
  readonly twice: number;
  /** One in so many calls is matched by a second rule. */
  readonly twoRules: number;
  /** One in so many calls, or bursts of calls, comes in the middle of some trouble. */
  readonly inTrouble: number;
}

/** Nothing goes wrong. */
export const CALM: Climate = {
  killed: 0,
  killedAfterAPost: 0,
  faulty: 0,
  unprocessed: 0,
  twice: 0,
  twoRules: 0,
  inTrouble: 0,
};

export const climateOfDay = (chance: Chance): Climate => ({
  killed: chance.pick([0, 1 / 8000, 1 / 2000, 1 / 500]),
  killedAfterAPost: chance.pick([0, 1 / 300, 1 / 50]),
  faulty: chance.pick([0, 0.002, 0.002, 0.02]),
  unprocessed: chance.pick([0, 0.01, 0.1]),
  twice: chance.pick([0.02, 0.02, 0.3]),
  twoRules: chance.pick([0.1, 0.1, 0.5]),
  inTrouble: chance.pick([0.1, 0.3, 0.8]),
});

/** What happens on any day to one request in some hundreds. */
const EVERYDAY: readonly (readonly [weight: number, fault: Fault])[] = [
  [3, 'throttled'],
  [3, 'server error'],
  [2, 'answer lost'],
  [1, 'server error after the effect'],
  [1, 'unreachable'],
  [1, 'deaf'],
  [1, 'silent'],
  [1, 'late'],
];
const SLOW = 200;

/** How long an outage of Slack lasts: mostly a minute or less, now and then hours, once in a year days. */
const slackDuration = (chance: Chance): number =>
  chance.pickWeighted([
    [50, () => chance.between(SECOND, MINUTE)],
    [30, () => chance.between(MINUTE, 20 * MINUTE)],
    [12, () => chance.between(20 * MINUTE, 4 * HOUR)],
    [1, () => chance.between(4 * HOUR, 30 * HOUR)],
    [0.3, () => chance.between(DAY_MS, 4 * DAY_MS)],
  ])();

const awsDuration = (chance: Chance): number =>
  chance.pickWeighted([
    [60, () => chance.between(SECOND, MINUTE)],
    [30, () => chance.between(MINUTE, 10 * MINUTE)],
    [5, () => chance.between(10 * MINUTE, 90 * MINUTE)],
  ])();

/** How often a day they are in trouble. */
const AWS_PARTS = [
  ['table', 0.9],
  ['queues', 0.4],
  ['secret', 0.4],
] as const;

interface Day {
  readonly chance: Chance;
  /** The webhooks that there are. */
  readonly urls: readonly string[];
  /** Nothing lasts longer. */
  readonly lastMs: number;
}

/** What goes wrong on a day. */
export function episodesOfDay(dayMs: number, { chance, urls, lastMs }: Day): readonly Episode[] {
  if (chance.is(0.2)) return [];
  const span = (durationMs: number) => {
    const fromMs = dayMs + chance.between(0, DAY_MS - 1);
    return { fromMs, untilMs: Math.min(fromMs + durationMs, Math.max(fromMs, lastMs)) };
  };
  const someOf = (mean: number, make: () => Episode): readonly Episode[] =>
    Array.from({ length: chance.around(mean + 0.4) }, make);
  return [
    ...someOf(1.8, () => {
      const url = chance.is(0.4) ? 'all' : chance.pick(urls as readonly [string, ...string[]]);
      return { part: 'slack', mood: chance.pick(SLACK_MOODS), url, ...span(slackDuration(chance)) };
    }),
    ...AWS_PARTS.flatMap(([part, mean]) =>
      someOf(mean, () => ({ part, mood: chance.pick(AWS_MOODS), ...span(awsDuration(chance)) })),
    ),
  ];
}

export interface Trouble extends Network {
  readonly begin: (episode: Episode) => void;
  readonly end: (episode: Episode) => void;
  readonly moodAt: (url: string) => Mood;
  /** Whether Lambda's poller and EventBridge reach the queues. */
  readonly areQueuesInReach: () => boolean;
  /** Whether one entry of a batch fails. */
  readonly isEntryRefused: () => boolean;
}

/** What goes wrong at the moment. */
export function createTrouble(chance: Chance, climate: () => Climate): Trouble {
  const active = new Set<Episode>();

  function awsMoodOf(service: ServiceName): AwsMood | undefined {
    for (const episode of active) if (episode.part === service) return episode.mood;
    return undefined;
  }

  return {
    begin: (episode) => active.add(episode),
    end: (episode) => active.delete(episode),
    faultOf(service) {
      const mood = awsMoodOf(service);
      if (mood !== undefined) return chance.pickWeighted(AWS_FAULTS[mood]);
      return chance.is(climate().faulty) ? chance.pickWeighted(EVERYDAY) : 'none';
    },
    slownessOf: (service) => (awsMoodOf(service) === 'slow' ? chance.between(1, SLOW) : 1),
    moodAt(url) {
      for (const episode of active) {
        if (episode.part === 'slack' && (episode.url === 'all' || episode.url === url)) return episode.mood;
      }
      return 'fine';
    },
    areQueuesInReach: () => !['unreachable', 'silent', 'server errors'].includes(awsMoodOf('queues') ?? ''),
    isEntryRefused: () => chance.is(awsMoodOf('queues') === undefined ? climate().faulty : 0.2),
  };
}
