import fc from 'fast-check';
import { expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import { classifyCall } from '../../../shared/call/classify-call.ts';
import type { JsonObject } from '../../../shared/call/json.ts';
import { OPERATIONS } from '../../../shared/call/operations.ts';
import { enrich } from '../../../shared/notification/enrich.ts';
import type { Notification } from '../../../shared/notification/notification.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { renderFallback } from '../../../shared/slack/message.ts';
import { aRoutedEvent, FLOW_ARN } from '../../builders.ts';
import { liveSyntax } from '../../live-syntax.ts';
import { nastyText } from '../../nasty-text.ts';

const SETTINGS = {
  accountNames: {},
  channels: {},
  showParameters: ['outputs[]', 'outputs[].cidrAllowList', 'encryption', 'tags', '', '[]', '__proto__.x'],
};

const enrichedRecord = (detail: JsonObject): Notification => {
  const matched = aRoutedEvent({ detail });
  return enrich(matched, classifyCall(matched.event.detail), SETTINGS);
};

const operation = fc.oneof(
  fc.constantFrom(...Object.keys(OPERATIONS), 'CreateWormhole', 'constructor', '__proto__', 'toString'),
  fc.string({ minLength: 1 }),
);

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '<!channel>',
    '%',
    '%%3A',
    '\u0000',
    '\ud800',
    'arn:aws:mediaconnect',
    FLOW_ARN,
    encodeURIComponent(FLOW_ARN),
    `${FLOW_ARN}/mediaStream/`,
    'arn:aws:mediaconnect:eu-west-1:111122223333:gateway:::instance',
    'x'.repeat(5000),
    '[',
    'HIDDEN_DUE_TO_SECURITY_REASONS',
  ),
);

const MEMBERS = [
  'flowArn',
  'FlowArn',
  'outputArn',
  'sourceArn',
  'entitlementArn',
  'bridgeArn',
  'arn',
  'Arn',
  'arns',
  'resourceArn',
  'routerInputArn',
  'routerOutputArn',
  'filterArn',
  'name',
  'Name',
  'outputs',
  'Outputs',
  'sources',
  'entitlements',
  'mediaStreams',
  'networkOutput',
  'flowSource',
  'subscribers',
  'protocol',
  'destination',
  'port',
  'encryption',
  'flow',
  'configuration',
  'standard',
  'protocolConfiguration',
  'tags',
  'omitted',
  'originalSize',
  'maintenance',
  '__proto__',
  'constructor',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'desiredState',
  'outputStatus',
];

const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...MEMBERS), fc.string()), tie('value'), { maxKeys: 6 }),
  ),
})).value;

const IDENTITY_MEMBERS = [
  'userName',
  'arn',
  'principalId',
  'accountId',
  'invokedBy',
  'sessionContext',
  'sessionIssuer',
  'attributes',
  'sourceIdentity',
  'identityProvider',
  'onBehalfOf',
  'userId',
  'accessKeyId',
  'mfaAuthenticated',
  'assumedRoot',
];

const TYPES = [
  'Root',
  'IAMUser',
  'AssumedRole',
  'Role',
  'FederatedUser',
  'Directory',
  'AWSAccount',
  'AWSService',
  'IdentityCenterUser',
  'SAMLUser',
  'WebIdentityUser',
  'Unknown',
  'Martian',
  'constructor',
];

const identity = fc.oneof(
  anything,
  fc
    .tuple(fc.constantFrom(...TYPES), fc.dictionary(fc.constantFrom(...IDENTITY_MEMBERS), anything))
    .map(([type, members]) => ({ ...members, type })),
);

const record = fc.record(
  {
    eventName: operation,
    eventID: anything,
    eventTime: anything,
    awsRegion: anything,
    sourceIPAddress: anything,
    userAgent: anything,
    errorCode: anything,
    errorMessage: anything,
    recipientAccountId: anything,
    readOnly: anything,
    sessionCredentialFromConsole: anything,
    userIdentity: identity,
    requestParameters: anything,
    responseElements: anything,
    addendum: anything,
  },
  { requiredKeys: [] },
);

/** Every string in a value, and the longest of them. */
const longestText = (value: unknown): number => {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Math.max(0, ...Object.values(value).map(longestText));
};

it('never throws, whatever a record holds, and says something of every call', () => {
  fc.assert(
    fc.property(record, (detail) => {
      const notification = enrichedRecord(detail);
      expect(notification.sentence.length).toBeGreaterThan(0);
      expect(notification.subject.label.length).toBeGreaterThan(0);
      expect(notification.eventId.length).toBeLessThanOrEqual(200);
    }),
    { numRuns: 3000 },
  );
});

it('bounds every text, however large the record’s are', () => {
  fc.assert(
    fc.property(record, fc.integer({ min: 1, max: 50_000 }), (detail, length) => {
      const huge = 'y'.repeat(length);
      const { call, links, ...said } = enrichedRecord({
        userAgent: huge,
        requestParameters: { flowArn: FLOW_ARN, outputs: [{ name: huge, destination: huge }], tags: { [huge]: huge } },
        ...detail,
        errorMessage: huge,
      });
      const { resourceName, flowName, subject, ...bounded } = said;
      expect(longestText(bounded)).toBeLessThanOrEqual(2100);
      expect(subject.key.length).toBeLessThanOrEqual(2_500);
    }),
    { numRuns: 500 },
  );
});

const SECRET_MEMBERS = [
  'constantInitializationVector',
  'streamId',
  'url',
  'deviceId',
  'secretArn',
  'roleArn',
  'clientToken',
  'nextToken',
  'accessKeyId',
  'secretAccessKey',
  'sessionToken',
  'password',
];

const SECRET = 'S3CRET-VALUE';

const withSecrets = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>('srt-listener', 5000, FLOW_ARN, 'name'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .tuple(
        fc.dictionary(fc.constantFrom(...MEMBERS, 'outputs', 'encryption'), tie('value'), { maxKeys: 5 }),
        fc.subarray(SECRET_MEMBERS),
      )
      .map(([members, secrets]) => ({ ...members, ...Object.fromEntries(secrets.map((key) => [key, SECRET])) })),
  ),
})).value;

it('never shows what is never shown, wherever it stands and whatever the admin allows', () => {
  fc.assert(
    fc.property(operation, withSecrets, withSecrets, (eventName, requestParameters, responseElements) => {
      const notification = enrichedRecord({
        eventName,
        requestParameters,
        responseElements,
        userIdentity: { type: 'IAMUser', userName: 'jane', accessKeyId: SECRET, credentialId: SECRET },
        errorCode: 'BadRequestException',
        errorMessage: 'bad request',
      });
      expect(JSON.stringify(notification)).not.toContain(SECRET);
    }),
    { numRuns: 2000 },
  );
});

it('marks as plain only words of its own', () => {
  const marker = 'MaRkEr';
  fc.assert(
    fc.property(operation, fc.constantFrom(...TYPES), fc.constantFrom(marker, undefined), (eventName, type, code) => {
      const purchase = {
        offeringDescription: marker,
        pricePerUnit: marker,
        currencyCode: marker,
        durationUnits: marker,
        priceUnits: marker,
      };
      const outputs = [{ name: marker, protocol: marker, destination: marker, port: 1, subscribers: [marker] }];
      const arn = `arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-a:${marker}`;
      const members = { flowArn: arn, resourceArn: arn, arn, name: marker, outputName: marker, desiredState: marker };
      const notification = enrichedRecord({
        eventName,
        requestParameters: { ...members, outputs, sources: outputs, entitlements: outputs, tags: { [marker]: marker } },
        userIdentity: { type, userName: marker, arn: `arn:aws:iam::1:user/${marker}`, invokedBy: marker },
        userAgent: marker,
        errorCode: code,
        responseElements: { reservation: purchase, errorCode: code === undefined ? undefined : marker },
      });
      const plain: string[] = [];
      JSON.stringify(notification, (_, value: unknown) => {
        if (
          typeof value === 'object' &&
          value !== null &&
          'kind' in value &&
          value.kind === 'plain' &&
          'text' in value
        ) {
          plain.push(String(value.text));
        }
        return value;
      });
      expect(plain.join(' ')).not.toContain(marker);
    }),
  );
});

it('keeps untrusted text what it is, from the record to the message', () => {
  const nastyRecord = fc.record({
    eventName: operation,
    name: nastyText,
    session: nastyText,
    role: nastyText,
    sourceIdentity: fc.option(nastyText, { nil: undefined }),
    userAgent: nastyText,
    errorCode: fc.option(nastyText, { nil: undefined }),
    errorMessage: fc.option(nastyText, { nil: undefined }),
    answered: fc.option(nastyText, { nil: undefined }),
  });
  fc.assert(
    fc.property(nastyRecord, ({ eventName, name, session, role, sourceIdentity, answered, ...detail }) => {
      const thing = { name, protocol: name, destination: name, port: 1, subscribers: [name], mediaStreamName: name };
      const notification = enrichedRecord({
        ...detail,
        eventName,
        userIdentity: {
          type: 'AssumedRole',
          principalId: `AROA:${session}`,
          invokedBy: name,
          sessionContext: { sessionIssuer: { userName: role }, sourceIdentity },
        },
        requestParameters: {
          ...thing,
          flowArn: name,
          outputs: [thing],
          sources: [thing],
          entitlements: [thing],
          desiredState: name,
          reservationName: name,
          sourceFailoverConfig: { sourcePriority: { primarySource: name } },
        },
        responseElements: {
          name,
          errorCode: answered,
          message: answered,
          reservation: { offeringDescription: name, duration: 12, durationUnits: 'MONTHS', currencyCode: name },
        },
      });
      const message = renderNotification(notification, {});
      expect(validateMessage(message)).toEqual([]);
      expect(liveSyntax(message)).toEqual([]);
      expect(liveSyntax(renderFallback(message))).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});
