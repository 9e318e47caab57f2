import { expect, it } from 'vitest';
import { explainMatch } from '../../../local/page/explain-match.ts';
import type { JsonObject } from '../../../shared/call/json.ts';
import { deployRule, ruleVerdict } from '../../../shared/eventbridge/rule.ts';
import { recordWithoutSecrets } from '../../../shared/notification/shown-record.ts';
import { anEvent, assumedRole, FLOW_ARN } from '../../builders.ts';

const shown = (detail: JsonObject): JsonObject =>
  (recordWithoutSecrets(anEvent({ detail })) as { readonly detail: JsonObject }).detail;

const ROLE = 'arn:aws:iam::111122223333:role/broadcast/Operators';
const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';

it('shows which role called, by its ARN', () => {
  const userIdentity = assumedRole('Operators', 'jane@example.org');
  expect(shown({ userIdentity }).userIdentity).toEqual({ ...userIdentity, accessKeyId: '(not shown)' });
  expect(shown({ userIdentity: { type: 'Role', arn: ROLE } }).userIdentity).toEqual({ type: 'Role', arn: ROLE });
});

it.each<[string, JsonObject]>([
  ['as a parameter', { requestParameters: { flowArn: FLOW_ARN, description: ROLE } }],
  ['as the member that says who reads a secret', { requestParameters: { encryption: { roleArn: ROLE } } }],
  ['in an error', { errorCode: 'BadRequestException', errorMessage: `${ROLE} cannot be assumed` }],
  ['where the record has a session’s name', { userIdentity: { type: 'AssumedRole', principalId: `AROA:${ROLE}` } }],
  ['with a secret in its name', { userIdentity: { type: 'Role', arn: `${ROLE}-${KEY_ID}` } }],
  ['with more behind it', { userIdentity: { type: 'Role', arn: `${ROLE} passphrase=hunter2hunter2` } }],
])('hides the ARN of a role %s', (_, detail) => {
  expect(JSON.stringify(shown(detail))).not.toMatch(/role\/broadcast|AKIA|hunter2/);
});

it('hides what an error quotes of a member that is never shown', () => {
  const requestParameters = { flowArn: FLOW_ARN, outputs: [{ name: 'cdn', passphrase: 'correct horse' }] };
  const errorMessage = 'the passphrase correct horse is too short';
  const responseElements = { message: errorMessage };
  expect(shown({ requestParameters, responseElements, errorCode: 'BadRequestException', errorMessage })).toMatchObject({
    requestParameters: { flowArn: encodeURI(FLOW_ARN), outputs: [{ name: 'cdn', passphrase: '(not shown)' }] },
    errorMessage: 'the passphrase (not shown) is too short',
    responseElements: { message: 'the passphrase (not shown) is too short' },
  });
});

it('says of a rule that asks for such a member what it asks, and not what is there', () => {
  const event = anEvent({ detail: { requestParameters: { passphrase: 'correct horse' } } });
  const pattern = { detail: { requestParameters: { passphrase: ['other'] } } };
  const rule = deployRule({ name: 'r', channel: 'c', delivery: 'immediate', state: 'ENABLED', pattern });
  expect(ruleVerdict(rule, event, () => recordWithoutSecrets(event))).toEqual({
    kind: 'refuses',
    path: 'detail.requestParameters.passphrase',
    reason: 'detail.requestParameters.passphrase is "(not shown)", the pattern wants "other"',
  });
  expect(explainMatch(pattern, event, recordWithoutSecrets(event))).toEqual([
    { path: 'detail.requestParameters.passphrase', wanted: ['other'], others: 0, found: '(not shown)', holds: false },
  ]);
});
