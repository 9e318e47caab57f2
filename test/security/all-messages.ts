import type { ChannelSettings, Notification } from '../../shared/notification/notification.ts';
import { sayingWords } from '../../shared/outcome/outcome-words.ts';
import { readSignal, type SignalReading } from '../../shared/outcome/signal-event.ts';
import type { Saying, TouchingCall, Trouble } from '../../shared/outcome/signal-memory.ts';
import { renderNotification } from '../../shared/slack/card.ts';
import { renderDigest } from '../../shared/slack/digest.ts';
import { redirectMessage, renderFallback, type SlackMessage } from '../../shared/slack/message.ts';
import { planMessages, renderSayings } from '../../shared/slack/plan-messages.ts';
import { renderSummary } from '../../shared/slack/summary.ts';

const summaryOf = ({ call, route, error, subject, principal }: Notification): SlackMessage =>
  renderSummary({
    channel: route.channel,
    fromMs: 0,
    toMs: 86_400_000,
    notified: 1,
    folded: 0,
    digested: 0,
    deadLettered: 0,
    byEffect: { [call.impact]: 1 },
    named: [
      { effect: call.impact, on: subject.label, by: principal.said, count: 1 },
      { effect: call.outcome, on: [], by: principal.said, count: 2 },
    ],
    byResource: { [call.resource]: 1, [call.operation]: 1 },
    byOutcome: { [call.outcome]: 1 },
    waiting: { kind: 'waiting', records: 1, oldestMs: 3_600_000, reason: error?.message },
  });

/** What MediaConnect may say by itself of what the call names, with all that came with it. */
function sayingsOf(notification: Notification): readonly Saying[] {
  const { eventId, call, principal, resources, resourceName, route, error } = notification;
  const [{ name = resourceName, arn = 'arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-A-b:x' } = {}] = resources;
  const thing = { kind: 'flow', name, arn } as const;
  const touching: TouchingCall = {
    eventId,
    operation: call.operation,
    impact: call.impact,
    calledAtMs: 0,
    by: principal.said,
    about: thing,
    arns: [arn],
    channels: [route.channel],
    notifiedStates: [],
  };
  const alert: SignalReading = readSignal({
    source: 'aws.mediaconnect',
    'detail-type': 'MediaConnect Alert',
    time: '2026-11-22T20:00:00Z',
    resources: ['arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-A-b:x'],
    detail: { errored: true, 'error-code': error?.code ?? name, 'error-message': error?.message ?? name },
  });
  const body = alert.kind === 'signal' && alert.event.body.kind === 'alert' ? alert.event.body : undefined;
  const trouble: Trouble = {
    id: eventId,
    thing,
    root: thing,
    what: `alert ${body?.id ?? ''}`,
    state: body?.code ?? '',
    message: body?.message,
    starts: [{ eventId, atMs: 8000 }],
    endedAtMs: undefined,
    notified: undefined,
    isEndNotified: false,
  };
  return [
    { kind: 'trouble', key: 'trouble', call: touching, trouble },
    { kind: 'untouched', key: 'untouched', call: touching, trouble, isMaintained: false },
    { kind: 'silence', key: 'silence', call: touching, thing, state: undefined },
  ];
}

const sayingMessage = (notification: Notification): SlackMessage =>
  renderSayings(
    sayingsOf(notification).map((saying) => ({
      words: sayingWords(saying),
      lateByMs: undefined,
      account: notification.account,
      region: notification.region,
    })),
  );

/** Every message that can come of these calls, by its kind. There is a first call. */
export function allMessages(
  [first, ...others]: readonly [Notification, ...Notification[]],
  { channel = {}, isMany = true }: { readonly channel?: ChannelSettings; readonly isMany?: boolean } = {},
): Readonly<Record<string, readonly SlackMessage[]>> {
  const all = [first, ...others];
  const later = { ...first, newerCall: { calledAtMs: 1_796_000_000_000, operation: first.call.operation } };
  const single = [renderNotification(first, channel), renderNotification(later, channel)];
  const fold = planMessages(all, () => channel, { firstAlone: false }).map(({ message }) => message);
  // So many calls that names are shortened and rows are as short as they can be.
  const calls = Array.from({ length: isMany ? 120 : 0 }, (_, index) => all[index % all.length] ?? first);
  const many = planMessages(calls, () => channel);
  const digest = renderDigest(all);
  const redirect = [...single, ...fold].map((message) =>
    redirectMessage(message, first.route.channel, first.error?.message ?? 'no_service'),
  );
  const fallback = [...single, ...fold, ...digest, ...redirect].map(renderFallback);
  return {
    single,
    fold,
    many: many.map(({ message }) => message),
    digest,
    redirect,
    fallback,
    summary: [summaryOf(first)],
    saying: [sayingMessage(first), renderFallback(sayingMessage(first))],
  };
}
