import { classifyCall } from '../shared/call/classify-call.ts';
import type { Notification, Phrase, Principal } from '../shared/notification/notification.ts';

export const plain = (text: string) => ({ kind: 'plain', text }) as const;
export const name = (text: string) => ({ kind: 'name', text }) as const;

/** Eight in the evening of a cup final, as milliseconds since the epoch. */
export const CALLED_AT_MS = Date.parse('2026-11-22T20:00:05Z');

export const aPrincipal = (changes: Partial<Principal> = {}): Principal => {
  const called = changes.name === undefined ? 'jane@example.org' : changes.name;
  return {
    kind: 'AssumedRole',
    name: called,
    said: called === null ? [plain('somebody unknown')] : [name(called)],
    via: { kind: 'permission set', name: 'Operators' },
    facts: [{ label: '', value: [plain('Temporary role credentials · not root, IAM user or AWS service')] }],
    accountId: '111122223333',
    key: 'Operators/jane@example.org',
    sensitive: false,
    ...changes,
  };
};

const EFFECTS: Readonly<Record<string, string>> = {
  'off-air': 'Off air',
  access: 'Access given',
  change: 'Change',
  none: 'Read',
  denied: 'Denied',
  failed: 'Failed, no reason given',
};

const VERBS: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['StopFlow', ['flow ', ' stopped']],
  ['RemoveFlowOutput', ['output ', ' removed']],
]);

const sentenceOf = (operation: string, resourceName: string, outcome: string): Phrase => {
  const [noun, verb] = VERBS.get(operation) ?? ['', ` called by ${operation}`];
  return outcome === 'succeeded'
    ? [plain(noun), name(resourceName), plain(verb)]
    : [plain(`call ${operation} on `), name(resourceName)];
};

export interface NotificationChanges extends Partial<Omit<Notification, 'call' | 'route'>> {
  readonly operation?: string;
  readonly errorCode?: string | undefined;
  readonly channel?: string;
  readonly rule?: string;
}

/** What an operator is notified of when Jane stops the flow AwardsShow; `changes` replace whole members. */
export function aNotification({
  operation = 'StopFlow',
  errorCode,
  channel = 'default',
  rule = 'changes',
  ...changes
}: NotificationChanges = {}): Notification {
  const call = classifyCall({ eventName: operation, eventSource: 'mediaconnect.amazonaws.com', errorCode });
  const flowName = changes.flowName ?? 'AwardsShow';
  const resourceName = changes.resourceName === undefined ? flowName : changes.resourceName;
  return {
    eventId: '987abc65-1a2b-4c4d-9d6e-987abc654def',
    route: { rule, channel, ingestedAtMs: CALLED_AT_MS + 5000 },
    call,
    principal: aPrincipal(),
    origin: { kind: 'cli', label: [plain('AWS CLI ('), name('mediaconnect stop-flow'), plain(')')] },
    sourceAddress: '203.0.113.17',
    calledAtMs: CALLED_AT_MS,
    lateByMs: undefined,
    account: { id: '111122223333', name: 'Broadcast prod' },
    region: 'eu-west-1',
    resources: [{ kind: 'flow', name: flowName, arn: undefined }],
    resourceName,
    flowName,
    subject: { key: `flow/${flowName}`, label: [plain('flow '), name(flowName)] },
    effect: [plain(EFFECTS[call.outcome === 'succeeded' ? call.impact : call.outcome] ?? 'On air')],
    by: call.outcome === 'succeeded' ? ' by ' : ', by ',
    sentence: sentenceOf(operation, resourceName ?? 'nothing', call.outcome),
    details: [],
    error: errorCode === undefined ? undefined : { code: errorCode, message: 'Forbidden' },
    notes: [],
    correction: undefined,
    links: { resource: undefined, event: undefined },
    ...changes,
  };
}
