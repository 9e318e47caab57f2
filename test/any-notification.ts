import fc from 'fast-check';
import type { Notification, Phrase } from '../shared/notification/notification.ts';
import { nastyText } from './nasty-text.ts';
import { aNotification, aPrincipal, name, plain } from './notification-builder.ts';

const nastyPhrase: fc.Arbitrary<Phrase> = fc.array(
  fc.oneof(
    nastyText.map(name),
    nastyText.map(name),
    fc.constantFrom(plain('stopped flow '), plain(' of '), plain('x')),
  ),
  { maxLength: 6 },
);
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const orNull = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(value, { nil: null });
const lines = fc.array(fc.record({ label: nastyText, value: nastyPhrase }), { maxLength: 40 });

const operation = fc.constantFrom('StopFlow', 'UpdateFlow', 'GrantFlowEntitlements', 'DescribeFlow', 'DeleteWormhole');
const errorCode = fc.constantFrom(undefined, 'AccessDeniedException', 'ConflictException');

const field = fc.constantFrom(
  'userIdentity.arn',
  'eventName',
  'errorCode',
  'sourceIPAddress',
  'userAgent',
  'eventTime',
);

const principal = fc
  .record({
    name: orNull(nastyText),
    said: nastyPhrase,
    via: maybe(fc.record({ kind: fc.constantFrom('role' as const, 'broker' as const), name: nastyText })),
    facts: lines,
    key: fc.constantFrom('a', 'b', 'c', '__proto__'),
    sensitive: fc.boolean(),
    kind: fc.constantFrom('Root', 'AWSAccount', null),
  })
  .map(aPrincipal);

/** A notification with anything at all wherever an event can put something. */
export const anyNotification: fc.Arbitrary<Notification> = fc
  .record({
    operation: fc.oneof(operation, nastyText),
    errorCode,
    eventId: nastyText,
    rule: nastyText,
    principal,
    origin: fc.record({ kind: fc.constant('other' as const), label: nastyPhrase }),
    sourceAddress: maybe(nastyText),
    calledAtMs: maybe(fc.oneof(fc.integer({ min: 1.7e12, max: 1.8e12 }), fc.double())),
    lateByMs: maybe(fc.integer({ min: 120_001, max: 1e12 })),
    account: maybe(fc.record({ id: nastyText, name: maybe(nastyText) })),
    region: maybe(nastyText),
    resourceName: nastyText,
    flowName: nastyText,
    subject: fc.record({ key: fc.constantFrom('x', 'y', 'constructor'), label: nastyPhrase }),
    effect: nastyPhrase,
    sentence: nastyPhrase,
    details: lines,
    error: maybe(fc.record({ code: nastyText, message: maybe(nastyText) })),
    notes: fc.array(nastyPhrase, { maxLength: 12 }),
    correction: maybe(
      fc.record({
        reason: nastyText,
        originalEventId: maybe(nastyText),
        updatedFields: fc.array(fc.oneof(field, nastyText), { maxLength: 30 }),
        before: maybe(
          fc.record({
            who: nastyPhrase,
            effect: nastyPhrase,
            what: nastyPhrase,
            how: nastyPhrase,
            from: nastyPhrase,
            calledAtMs: maybe(fc.double()),
          }),
        ),
      }),
    ),
    links: fc.record({ resource: maybe(nastyText), event: maybe(nastyText) }),
  })
  .map(aNotification);
