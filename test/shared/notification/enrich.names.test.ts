import { describe, expect, it } from 'vitest';
import { parseRouteEnvelope } from '../../../shared/call/api-call-event.ts';
import { classifyCall } from '../../../shared/call/classify-call.ts';
import { asNotifiedAt, type Memory, nameKeys, namesGiven } from '../../../shared/delivery/memory.ts';
import { enrich } from '../../../shared/notification/enrich.ts';
import { type DisplaySettings, type Notification, phraseText } from '../../../shared/notification/notification.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { ACCOUNT, anEvent, REGION } from '../../builders.ts';

const PREFIX = `arn:aws:mediaconnect:${REGION}:${ACCOUNT}`;
const OUTPUT = `${PREFIX}:routerOutput:out123`;
const INPUT = `${PREFIX}:routerInput:in456`;
const AT_MS = Date.parse('2026-11-22T20:00:05Z');
const SETTINGS: DisplaySettings = { accountNames: {}, channels: {}, showParameters: [] };

function called(detail: Readonly<Record<string, unknown>>, settings: DisplaySettings = SETTINGS): Notification {
  const event = anEvent({ detail: { responseElements: null, ...detail } });
  const routed = parseRouteEnvelope(JSON.stringify({ rule: 'changes', channel: 'default', event }));
  return enrich(routed, classifyCall(routed.event.detail), settings);
}

const take = (detail: Readonly<Record<string, unknown>> = {}, settings?: DisplaySettings): Notification =>
  called(
    { eventName: 'TakeRouterInput', requestParameters: { routerOutputArn: OUTPUT, routerInputArn: INPUT }, ...detail },
    settings,
  );
const answered = { routerOutputArn: OUTPUT, routerOutputName: 'cdn-north', routerInputName: 'OB-van' };
const created = (name: string) =>
  called({
    eventName: 'CreateRouterOutput',
    requestParameters: { name },
    responseElements: { routerOutput: { name, arn: OUTPUT } },
  });

const nameOf = (name: string, namedAtMs = 0): Memory => ({ name: { name, namedAtMs } });
const known = (names: Readonly<Record<string, string>>): ReadonlyMap<string, Memory> =>
  new Map(Object.entries(names).map(([arn, name]) => [`name#${arn}`, nameOf(name)]));
const saidWith = (notification: Notification, names: Readonly<Record<string, string>>): string =>
  phraseText(asNotifiedAt(notification, AT_MS, known(names)).sentence);

describe('the names that calls give', () => {
  it.each<[string, Notification, Readonly<Record<string, string>>]>([
    ['who creates', created('cdn-north'), { [OUTPUT]: 'cdn-north' }],
    [
      'who switches, of output and input',
      take({ responseElements: answered }),
      { [OUTPUT]: 'cdn-north', [INPUT]: 'OB-van' },
    ],
    [
      'who renames, as it is afterwards',
      called({
        eventName: 'UpdateRouterOutput',
        requestParameters: { arn: OUTPUT, name: 'cdn-south' },
        responseElements: { routerOutput: { name: 'cdn-south', arn: OUTPUT } },
      }),
      { [OUTPUT]: 'cdn-south' },
    ],
    ['who says ids only: none', take(), {}],
    [
      'whose call is refused: none',
      called({
        eventName: 'UpdateRouterOutput',
        requestParameters: { arn: OUTPUT, name: 'a lie' },
        errorCode: 'AccessDeniedException',
      }),
      {},
    ],
    [
      'whose call fails: none',
      called({
        eventName: 'UpdateRouterOutput',
        requestParameters: { arn: OUTPUT, name: 'a wish' },
        errorCode: 'ConflictException',
      }),
      {},
    ],
  ])('are those of %s', (_, notification, names) => {
    const given = Object.fromEntries([...namesGiven([notification])].map(([key, { name }]) => [key, name?.name]));
    expect(given).toEqual(Object.fromEntries(Object.entries(names).map(([arn, name]) => [`name#${arn}`, name])));
  });

  it('are the later ones of several', () => {
    const [first, second] = [created('before'), { ...created('after'), calledAtMs: AT_MS + 60_000 }];
    expect(namesGiven([second, first]).get(`name#${OUTPUT}`)?.name?.name).toBe('after');
  });

  it('are asked for where a call has only ids', () => {
    expect(nameKeys(take())).toEqual([`name#${OUTPUT}`, `name#${INPUT}`]);
    expect(nameKeys(take({ responseElements: answered }))).toEqual([]);
    expect(nameKeys(called({ eventName: 'StopFlow' }))).toEqual([]);
  });
});

describe('a call on what has only an id', () => {
  it('is told with the name that is remembered, and its id', () => {
    expect(saidWith(take(), {})).toBe('router output out123 switched to input in456');
    expect(saidWith(take(), { [OUTPUT]: 'cdn-north', [INPUT]: 'OB-van' })).toBe(
      'router output cdn-north (out123) switched to input OB-van (in456)',
    );
    expect(saidWith(take(), { [INPUT]: 'OB-van' })).toBe('router output out123 switched to input OB-van (in456)');
  });

  it('has its name wherever it is listed', () => {
    const notification = asNotifiedAt(take(), AT_MS, known({ [OUTPUT]: 'cdn-north' }));
    expect(phraseText(notification.subject.label)).toBe('router output cdn-north (out123)');
    expect(notification.resourceName).toBe('cdn-north');
    expect(notification.subject.key).toBe(take().subject.key);
  });

  it('is told as the record says, where that gives a name', () => {
    const notification = take({ responseElements: answered });
    expect(saidWith(notification, { [OUTPUT]: 'old', [INPUT]: 'old' })).toBe(phraseText(notification.sentence));
  });

  it('cannot be made to say anything but a name', () => {
    const hostile = '<!channel> *x* <https://evil.test|y>';
    const notification = asNotifiedAt(take(), AT_MS, known({ [OUTPUT]: hostile }));
    const text = JSON.stringify(renderNotification(notification, {}));
    expect(text).not.toContain('<!channel>');
    expect(text).not.toContain('<https://evil.test');
  });
});

describe('the names of the admin', () => {
  const named = (names: Readonly<Record<string, string>>): DisplaySettings => ({ ...SETTINGS, names });
  const USER_ID = '94482488-3041-7055-0e77-f1a2b3c4d5e6';
  const said = (userIdentity: object, names: Readonly<Record<string, string>>): string =>
    phraseText(called({ userIdentity }, named(names)).principal.said);

  it('stand for ids and ARNs of router things, before those that are remembered', () => {
    const notification = take({}, named({ out123: 'CDN North', [INPUT]: 'OB van 1' }));
    const words = 'router output CDN North (out123) switched to input OB van 1 (in456)';
    expect(phraseText(notification.sentence)).toBe(words);
    expect(saidWith(notification, { [OUTPUT]: 'x', [INPUT]: 'y' })).toBe(words);
    expect(namesGiven([notification]).size).toBe(0);
  });

  it('stand for people whom the record has by id only', () => {
    const user = { type: 'IdentityCenterUser', onBehalfOf: { userId: USER_ID }, accountId: ACCOUNT };
    expect(said(user, { [USER_ID]: 'Jane Doe' })).toBe(`Identity Center user Jane Doe (${USER_ID})`);
    const web = { type: 'WebIdentityUser', principalId: 'accounts.example.org:app:subject-1', userName: 'subject-1' };
    expect(said(web, { 'subject-1': 'Playout' })).toBe('Playout (subject-1)');
  });

  it('stand for accounts, unless accountNames says otherwise', () => {
    const names = { [ACCOUNT]: 'Production' };
    expect(called({}, named(names)).account?.name).toBe('Production');
    expect(called({}, { ...named(names), accountNames: { [ACCOUNT]: 'Live' } }).account?.name).toBe('Live');
  });

  it('are not had by whoever names a session after an id', () => {
    const session = {
      type: 'AssumedRole',
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Operators/${USER_ID.slice(0, 20)}x`,
      accountId: ACCOUNT,
    };
    const chosen = `${USER_ID.slice(0, 20)}x`;
    expect(said(session, { [chosen]: 'Jane Doe' })).not.toContain('Jane Doe');
  });
});
