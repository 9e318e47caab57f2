import { parseRouteEnvelope } from '../../../shared/call/api-call-event.ts';
import { classifyCall } from '../../../shared/call/classify-call.ts';
import { enrich } from '../../../shared/notification/enrich.ts';
import type { DisplaySettings, Notification } from '../../../shared/notification/notification.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { planMessages } from '../../../shared/slack/plan-messages.ts';
import { quantile } from '../benchmark.ts';
import { cpuTimeUs } from '../measuring.ts';
import { eventMix } from '../workload.ts';

const FOLD = 100;
const WARM_UP_ROUNDS = 30;
const ROUNDS = 50;
/** What else runs on the machine can only add time: the quicker rounds say most of the code. */
const QUICK = 0.25;

const SETTINGS: DisplaySettings = {
  accountNames: { '111122223333': 'Broadcast prod' },
  channels: {},
  showParameters: [],
};

const texts = eventMix();
/** Kept, so that nothing that is measured can be left out by the engine. */
let written = 0;

function notificationOf(text: string): Notification {
  const matched = parseRouteEnvelope(text);
  return enrich(matched, classifyCall(matched.event.detail), SETTINGS);
}

const SUBJECTS = {
  floor: () => {
    for (const text of texts) written += JSON.stringify(JSON.parse(text)).length;
  },
  alone: () => {
    for (const text of texts) written += JSON.stringify(renderNotification(notificationOf(text), {})).length;
  },
  folded: () => {
    for (let start = 0; start < texts.length; start += FOLD) {
      const batch = texts.slice(start, start + FOLD).map(notificationOf);
      for (const { message } of planMessages(batch, () => ({}))) written += JSON.stringify(message).length;
    }
  },
} as const;

type Subject = keyof typeof SUBJECTS;
const NAMES: readonly Subject[] = ['floor', 'alone', 'folded'];

const roundsOf = new Map<Subject, number[]>(NAMES.map((name) => [name, []]));
for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
  // In turns, so that a busy moment of the machine falls on all of them.
  for (const name of NAMES) {
    const us = cpuTimeUs(SUBJECTS[name]) / texts.length;
    if (round >= 0) roundsOf.get(name)?.push(us);
  }
}

const result = Object.fromEntries([...roundsOf].map(([name, rounds]) => [name, quantile(rounds, QUICK)]));
console.log(JSON.stringify({ ...result, events: texts.length, bytes: texts.join('').length / texts.length, written }));
