import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/call/json.ts';
import { phraseText } from '../../../shared/notification/notification.ts';
import { identifyPrincipal } from '../../../shared/notification/principal.ts';
import { ACCOUNT, anApiCallEvent, pathOfRole } from '../../builders.ts';

const principalOf = (userIdentity: unknown, changes: JsonObject = {}) =>
  identifyPrincipal(anApiCallEvent({ detail: { userIdentity, ...changes } }).detail);

const factsOf = (userIdentity: unknown): Record<string, string> =>
  Object.fromEntries(principalOf(userIdentity).facts.map(({ label, value }) => [label, phraseText(value)]));

const assumedRole = (role: string, session: string, changes: JsonObject = {}): JsonObject => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLEEXAMPLE:${session}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAEXAMPLEEXAMPLE',
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/${pathOfRole(role)}${role}`, userName: role },
    attributes: { creationDate: '2026-11-22T18:00:00Z', mfaAuthenticated: 'false' },
  },
  ...changes,
});

const ROOT = { type: 'Root', principalId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT };
const USER = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLEEXAMPLE',
  arn: `arn:aws:iam::${ACCOUNT}:user/studio/alice`,
  accountId: ACCOUNT,
  accessKeyId: 'AKIAEXAMPLEEXAMPLE',
};
const FEDERATED = {
  type: 'FederatedUser',
  principalId: `${ACCOUNT}:bob`,
  arn: `arn:aws:sts::${ACCOUNT}:federated-user/bob`,
  accountId: ACCOUNT,
  sessionContext: { sessionIssuer: { type: 'IAMUser', userName: 'broker' } },
};
const CENTER = {
  type: 'IdentityCenterUser',
  accountId: ACCOUNT,
  onBehalfOf: { userId: '94482488-3041-7014-0b3f-a63ec0c92c91', identityStoreArn: 'arn:aws:identitystore::1:x' },
  credentialId: 'credential-that-stays-here',
};

const OIDC = `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC`;
const GITHUB = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
const withToken = (webIdFederationData: JsonObject): JsonObject =>
  assumedRole('deploy', 'GitHubActions', {
    sessionContext: { sessionIssuer: { type: 'Role', userName: 'deploy' }, webIdFederationData },
  });

describe('the human first', () => {
  it.each([
    ['root', { ...ROOT, userName: 'my-account-alias' }, 'Root', 'root'],
    ['an IAM user', { ...USER, userName: 'alice' }, 'IAMUser', 'alice'],
    ['an IAM user without userName', USER, 'IAMUser', 'alice'],
    ['the user guide’s user', { ...USER, arn: `arn:aws:sts::${ACCOUNT}:user/testUser` }, 'IAMUser', 'testUser'],
    ['an assumed role', assumedRole('Ops', 'jane@example.org'), 'AssumedRole', 'jane@example.org'],
    ['an assumed role without arn', { ...assumedRole('Ops', 'jane'), arn: undefined }, 'AssumedRole', 'jane'],
    [
      'an assumed role without session',
      { type: 'AssumedRole', sessionContext: { sessionIssuer: { userName: 'Ops' } } },
      'AssumedRole',
      'Ops',
    ],
    [
      'an assumed role with an empty issuer',
      assumedRole('Ops', 'jane', { sessionContext: { sessionIssuer: {} } }),
      'AssumedRole',
      'jane',
    ],
    ['an assumed role with userName only', { type: 'AssumedRole', userName: 'jane' }, 'AssumedRole', 'jane'],
    [
      'an assumed role whose arn has no session',
      { type: 'AssumedRole', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Ops` },
      'AssumedRole',
      'Ops',
    ],
    [
      'an assumed role whose arn is no arn',
      { type: 'AssumedRole', arn: 'arn:aws:x', principalId: 'AROAX:' },
      'AssumedRole',
      'AROAX',
    ],
    [
      'an assumed role whose arn ends early',
      { type: 'AssumedRole', arn: 'arn:aws:sts::1:', principalId: 'AROAX' },
      'AssumedRole',
      'AROAX',
    ],
    ['a role', { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/X`, userName: 'X', accountId: ACCOUNT }, 'Role', 'X'],
    ['a role without userName', { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/path/X` }, 'Role', 'X'],
    ['a federated user', FEDERATED, 'FederatedUser', 'bob'],
    ['a federated user without arn', { ...FEDERATED, arn: undefined }, 'FederatedUser', 'bob'],
    ['a directory user', { type: 'Directory', userName: 'someone@example.org' }, 'Directory', 'someone@example.org'],
    [
      'another account',
      { type: 'AWSAccount', principalId: 'AIDAX', accountId: '444455556666' },
      'AWSAccount',
      '444455556666',
    ],
    [
      'a service',
      { type: 'AWSService', invokedBy: 'medialive.amazonaws.com' },
      'AWSService',
      'medialive.amazonaws.com',
    ],
    ['an Identity Center user', CENTER, 'IdentityCenterUser', '94482488-3041-7014-0b3f-a63ec0c92c91'],
    [
      'a SAML user',
      { type: 'SAMLUser', principalId: 'nq=:sub', userName: 'sub', identityProvider: 'nq=' },
      'SAMLUser',
      'sub',
    ],
    ['a SAML user without userName', { type: 'SAMLUser', principalId: 'nq=:sub' }, 'SAMLUser', 'sub'],
    [
      'a web identity',
      { type: 'WebIdentityUser', principalId: 'issuer:app:user', userName: 'user' },
      'WebIdentityUser',
      'user',
    ],
    [
      'a web identity without userName',
      { type: 'WebIdentityUser', principalId: 'issuer:app:user' },
      'WebIdentityUser',
      'user',
    ],
    [
      'a web identity whose issuer and subject have colons',
      {
        type: 'WebIdentityUser',
        principalId: `${OIDC}:sts.amazonaws.com:system:serviceaccount:playout:operator`,
        identityProvider: OIDC,
      },
      'WebIdentityUser',
      'system:serviceaccount:playout:operator',
    ],
    ['an unknown', { type: 'Unknown', userName: 'somebody' }, 'Unknown', 'somebody'],
    ['an unknown without name', { type: 'Unknown' }, 'Unknown', null],
    ['a type that is new', { type: 'Martian', userName: 'marvin' }, 'Martian', 'marvin'],
    ['no type', { accountId: ACCOUNT, invokedBy: 'AWS Internal' }, null, 'AWS Internal'],
    ['nothing at all', {}, null, null],
    ['null', null, null, null],
    ['a type that is no text', { type: 12, userName: 'x' }, null, 'x'],
    [
      'a name that is hidden',
      { type: 'IAMUser', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      'IAMUser',
      'hidden by AWS for security reasons',
    ],
  ])('names %s', (_, userIdentity, kind, name) => {
    expect(principalOf(userIdentity)).toMatchObject({ kind, name });
  });

  it.each([
    ['jane@example.org', undefined, 'jane@example.org as role Ops', 'Ops/jane@example.org'],
    ['jane', 'jane', 'jane as role Ops', 'Ops/jane'],
    [
      'ceo@example.org',
      'mallory@example.org',
      'ceo@example.org as role Ops (source identity mallory@example.org)',
      'Ops/ceo@example.org/mallory@example.org',
    ],
    ['botocore-session-1795377605', undefined, 'role Ops', 'Ops/Ops'],
    ['botocore-session-1795377606', undefined, 'role Ops', 'Ops/Ops'],
    ['aws-go-sdk-1764187200000000000', undefined, 'role Ops', 'Ops/Ops'],
    ['i-0123456789abcdef0', undefined, 'role Ops', 'Ops/Ops'],
    ['AWSCodeBuild-6f2c9c9e-1111-2222-3333-444455556666', undefined, 'role Ops', 'Ops/Ops'],
    ['1795377605', 'jane', 'role Ops (source identity jane)', 'Ops/Ops/jane'],
    ['Ops', undefined, 'role Ops', 'Ops/Ops'],
  ])('says of session %s with source identity %s "%s"', (session, sourceIdentity, said, key) => {
    const identity = assumedRole('Ops', session);
    const sessionContext = { ...(identity.sessionContext as JsonObject), sourceIdentity };
    const principal = principalOf({ ...identity, sessionContext });
    expect(phraseText(principal.said)).toBe(said);
    expect(principal.key).toBe(`AssumedRole/${ACCOUNT}/${key}`);
  });

  it.each([
    ['an IAM user', { ...USER, userName: 'alice' }, 'alice'],
    ['root', ROOT, 'root'],
    [
      'a person whom Identity Center signed in',
      assumedRole('AWSReservedSSO_Operators_0123456789abcdef', 'jane@example.org'),
      'jane@example.org',
    ],
    [
      'a role that is only called like one of Identity Center',
      assumedRole('xAWSReservedSSO_Operators_0123456789abcdef', 'ceo'),
      'ceo as role xAWSReservedSSO_Operators_0123456789abcdef',
    ],
    [
      'CloudFormation',
      assumedRole('Ops', 'jane', { invokedBy: 'cloudformation.amazonaws.com' }),
      'CloudFormation for jane as role Ops',
    ],
    [
      'CloudFormation for a user',
      { ...USER, userName: 'alice', invokedBy: 'cloudformation.amazonaws.com' },
      'CloudFormation for alice',
    ],
    ['a federated user', FEDERATED, 'bob, federated by broker'],
    ['a role', { type: 'Role', userName: 'X' }, 'role X'],
    ['another account', { type: 'AWSAccount', accountId: '444455556666' }, 'account 444455556666'],
    ['an Identity Center user', CENTER, 'Identity Center user 94482488-3041-7014-0b3f-a63ec0c92c91'],
    ['a web identity', { type: 'WebIdentityUser', principalId: 'issuer:app:user' }, 'user'],
    ['a principal of which there is only the id', { type: 'Unknown', principalId: 'AIDAX' }, 'principal AIDAX'],
    ['a hidden name', { type: 'IAMUser', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' }, 'somebody whose name AWS hides'],
    ['nobody', {}, 'somebody unknown'],
    ['a service in a record without a type', { invokedBy: 'medialive.amazonaws.com' }, 'AWS service MediaLive'],
    ['AWS itself', { invokedBy: 'AWS Internal' }, 'AWS Internal'],
  ])('says of %s what a caller cannot choose', (_, userIdentity, said) => {
    expect(phraseText(principalOf(userIdentity).said)).toBe(said);
  });
});

describe('by way of', () => {
  it.each([
    [assumedRole('Ops', 'jane'), { kind: 'role', name: 'Ops' }],
    [assumedRole('Ops', 'jane', { sessionContext: {} }), { kind: 'role', name: 'Ops' }],
    [
      assumedRole('AWSReservedSSO_Media_Operators_0123456789abcdef', 'jane'),
      { kind: 'permission set', name: 'Media_Operators' },
    ],
    [assumedRole('AWSReservedSSO_Admin', 'jane'), { kind: 'role', name: 'AWSReservedSSO_Admin' }],
    [FEDERATED, { kind: 'broker', name: 'broker' }],
    [
      { ...FEDERATED, sessionContext: { sessionIssuer: { type: 'Root' } } },
      { kind: 'broker', name: 'root' },
    ],
    [
      { type: 'SAMLUser', identityProvider: 'nq=' },
      { kind: 'identity provider', name: 'nq=' },
    ],
    [
      { type: 'WebIdentityUser', identityProvider: 'accounts.google.com' },
      { kind: 'identity provider', name: 'accounts.google.com' },
    ],
    [USER, undefined],
    [ROOT, undefined],
  ])('case %#', (userIdentity, via) => {
    expect(principalOf(userIdentity).via).toEqual(via);
  });
});

describe('the three questions of the user guide', () => {
  it.each([
    [
      'root with long-term keys',
      { ...ROOT, accessKeyId: 'AKIAEXAMPLEEXAMPLE' },
      { '': 'Long-term credentials of the root user · not an IAM user or AWS service' },
    ],
    ['an IAM user with long-term keys', USER, { '': 'Long-term credentials of an IAM user · not root or AWS service' }],
    [
      'an IAM user in a session with MFA',
      {
        ...USER,
        accessKeyId: 'ASIAEXAMPLE',
        sessionContext: { sessionIssuer: {}, attributes: { mfaAuthenticated: 'true' } },
      },
      { '': 'Temporary credentials of an IAM user, MFA · not root or AWS service' },
    ],
    [
      'the user guide’s user, whose session a role issued',
      {
        ...USER,
        accessKeyId: 'ABCDE',
        sessionContext: { sessionIssuer: { userName: 'Administrator' }, attributes: { mfaAuthenticated: false } },
      },
      { '': 'Temporary credentials of an IAM user by role Administrator, no MFA · not root or AWS service' },
    ],
    [
      'a directory user in a session',
      { type: 'Directory', userName: 'x', sessionContext: { attributes: { mfaAuthenticated: '__proto__' } } },
      { '': 'Temporary credentials of a directory user · not root, IAM user or AWS service' },
    ],
    [
      'a service that does not say which',
      { type: 'AWSService' },
      { '': 'An AWS service, without credentials of anybody · not root, not an IAM user' },
    ],
    [
      'a person in a role',
      assumedRole('Ops', 'jane'),
      { '': 'Temporary role credentials · not root, IAM user or AWS service', 'In rules': 'Ops/jane' },
    ],
    [
      'a role used by CloudFormation',
      assumedRole('Ops', 'jane', { invokedBy: 'cloudformation.amazonaws.com' }),
      {
        '': 'Temporary role credentials · not root, not an IAM user, called through AWS service CloudFormation',
        'In rules': 'Ops/jane',
      },
    ],
    [
      'a person whom the console signed in',
      assumedRole('Ops', 'jane', { invokedBy: 'signin.amazonaws.com' }),
      {
        '': 'Temporary role credentials · not root, not an IAM user, a person through the console',
        'In rules': 'Ops/jane',
      },
    ],
    [
      'a federated user',
      FEDERATED,
      {
        '': 'Temporary credentials of a federated user · not root, IAM user or AWS service',
        'In rules': 'federated-user/bob',
      },
    ],
    [
      'a service',
      { type: 'AWSService', invokedBy: 'medialive.amazonaws.com' },
      {
        '': 'An AWS service, without credentials of anybody · not root, not an IAM user',
        'In rules': 'medialive.amazonaws.com',
      },
    ],
    [
      'a role of another account',
      { type: 'AWSAccount', principalId: 'AROAX:deployer', accountId: '444455556666' },
      { '': 'Credentials of another AWS account · not by an AWS service', Session: 'deployer' },
    ],
    [
      'a type that is new',
      { type: 'Martian' },
      { '': 'Credentials of the type Martian · not root, IAM user or AWS service' },
    ],
    ['nothing', {}, { '': 'CloudTrail does not say whose credentials · not by an AWS service' }],
  ])('are answered for %s', (_, userIdentity, facts) => {
    expect(factsOf(userIdentity)).toEqual(facts);
  });

  it.each([
    ['the source identity', assumedRole('Ops', 'jane', { sourceIdentity: 'jdoe' }), 'Source identity', 'jdoe'],
    [
      'the session behind a source identity',
      assumedRole('Ops', '1795377605', { sourceIdentity: 'jdoe' }),
      'Session',
      '1795377605',
    ],
    ['the account alias of root', { ...ROOT, userName: 'acme' }, 'Account alias', 'acme'],
    [
      'a hidden name',
      { ...USER, userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      'User name',
      'hidden by AWS for security reasons',
    ],
    [
      'whom a role acts for',
      assumedRole('Ops', 'jane', { onBehalfOf: { userId: '94482488-3041-7014-0b3f-a63ec0c92c91' } }),
      'On behalf of Identity Center user',
      '94482488-3041-7014-0b3f-a63ec0c92c91',
    ],
    [
      'what the credentials were issued to',
      assumedRole('Ops', 'jane', {
        inScopeOf: {
          issuerType: 'AWS::Lambda::Function',
          credentialsIssuedTo: 'arn:aws:lambda:eu-west-1:1:function:f',
        },
      }),
      'In scope of',
      'arn:aws:lambda:eu-west-1:1:function:f',
    ],
    [
      'the delegate',
      assumedRole('Ops', 'jane', { invokedByDelegate: { accountId: '999' } }),
      'Delegate account',
      '999',
    ],
    [
      'whose token a session was given for',
      withToken({
        federatedProvider: GITHUB,
        attributes: { 'token.actions.githubusercontent.com:sub': 'repo:a/b:ref' },
      }),
      'Web identity',
      'repo:a/b:ref by token.actions.githubusercontent.com',
    ],
    [
      'whose token a session was given for, by whomever',
      withToken({ attributes: { aud: 'sts.amazonaws.com', sub: 'repo:a/b:ref' } }),
      'Web identity',
      'repo:a/b:ref',
    ],
    [
      'who gave a token of which CloudTrail has no subject',
      withToken({ federatedProvider: GITHUB, attributes: {} }),
      'Web identity by',
      'token.actions.githubusercontent.com',
    ],
    [
      'who issued the token of a web identity',
      { type: 'WebIdentityUser', principalId: 'accounts.google.com:app:1234', identityProvider: 'accounts.google.com' },
      'Web identity by',
      'accounts.google.com',
    ],
    [
      'an assumed root session',
      { ...ROOT, sessionContext: { assumedRoot: 'true' } },
      '',
      'Temporary credentials as the root user of a member account · not by an AWS service',
    ],
  ])('are followed by %s', (_, userIdentity, label, value) => {
    expect(factsOf(userIdentity)).toMatchObject({ [label]: value });
  });
});

it.each([
  ['trustedadvisor.amazonaws.com', 'not root, not an IAM user, called through AWS service Trusted Advisor'],
  ['AWS Internal/3', 'not root, not an IAM user, called through AWS Internal/3'],
  ['203.0.113.17', 'not root, IAM user or AWS service'],
  ['amazonaws.com.example.org', 'not root, IAM user or AWS service'],
])('takes the address %s as evidence of a service: %s', (sourceIPAddress, expected) => {
  const { facts } = principalOf(assumedRole('Ops', 'x'), { sourceIPAddress });
  expect(phraseText(facts.find(({ label }) => label === '')?.value ?? [])).toBe(
    `Temporary role credentials · ${expected}`,
  );
});

describe('loudness', () => {
  it.each([
    ['root', ROOT, true],
    ['another account', { type: 'AWSAccount', accountId: '444455556666' }, true],
    ['a user of another account', { ...USER, accountId: '444455556666' }, true],
    ['a user of this account', USER, false],
    ['a service', { type: 'AWSService', invokedBy: 'medialive.amazonaws.com' }, false],
    ['nobody', {}, false],
  ])('of %s is %s', (_, userIdentity, sensitive) => {
    expect(principalOf(userIdentity).sensitive).toBe(sensitive);
  });

  it('does not need the called account', () => {
    expect(principalOf(USER, { recipientAccountId: undefined }).sensitive).toBe(false);
  });
});

it('keeps one key for one person in one role', () => {
  const key = 'AssumedRole/111122223333/Ops/jane';
  expect(principalOf(assumedRole('Ops', 'jane')).key).toBe(key);
  expect(principalOf(assumedRole('Ops', 'jane', { arn: undefined })).key).toBe(key);
  expect(principalOf(assumedRole('Ops', 'joe')).key).not.toBe(key);
});

it('keeps access keys and credential ids out', () => {
  const json = JSON.stringify([assumedRole('Ops', 'jane'), USER, CENTER].map((identity) => principalOf(identity)));
  expect(json).not.toMatch(/AKIA|ASIA|credential-that-stays-here/);
});

describe('what a rule would call somebody', () => {
  it.each<[string, JsonObject, string | undefined]>([
    ['a session that its caller named', assumedRole('Ops', 'ci-17'), 'Ops/ci-17'],
    [
      'a session by its role, where a program made its name up',
      assumedRole('Ops', 'botocore-session-1795377605'),
      undefined,
    ],
    [
      'a session whose source identity is the name',
      assumedRole('Ops', 'jane@example.org', { sourceIdentity: 'jane@example.org' }),
      undefined,
    ],
    ['a user of Identity Center', assumedRole('AWSReservedSSO_Ops_0123456789abcdef', 'jane@example.org'), undefined],
    ['an IAM user', USER, undefined],
    ['root', ROOT, undefined],
    ['an Identity Center user by his id', CENTER, undefined],
    ['another account', { type: 'AWSAccount', principalId: 'AROAX:x', accountId: '444455556666' }, undefined],
    ['nobody', {}, undefined],
  ])('is said where the card leads with another name: %s', (_, userIdentity, inRules) => {
    expect(factsOf(userIdentity)['In rules']).toBe(inRules);
  });

  it('is left out where it cannot be shown', () => {
    expect(factsOf(assumedRole('Ops', 'AKIAIOSFODNN7EXAMPLE'))).not.toHaveProperty('In rules');
  });
});

describe('callers with one ARN', () => {
  const SECRET = 'AKIAIOSFODNN7EXAMPLE';
  const seen = assumedRole('Ops', 'jane');
  const issuedBy = (userName: string): JsonObject => ({
    sessionContext: { sessionIssuer: { type: 'Role', userName } },
  });

  it.each([
    ['its source identity', seen, { sessionContext: { sourceIdentity: 'mallory' } }],
    ['its issuer', seen, issuedBy('Admin')],
    ['who called for it', seen, { invokedBy: 'cloudformation.amazonaws.com' }],
    ['its account', seen, { accountId: '444455556666' }],
    ['MFA', USER, { sessionContext: { attributes: { mfaAuthenticated: 'true' } } }],
    ['its kind of key', USER, { accessKeyId: 'ASIAEXAMPLEEXAMPLE' }],
  ])('are told apart by %s', (_, known, changes) => {
    const [before, between, after] = [known, { ...known, ...changes }, known].map((one) => principalOf(one));
    expect(between).not.toEqual(before);
    expect(after).toEqual(before);
  });

  it.each([
    ['source identity', { sessionContext: { sourceIdentity: SECRET } }],
    ['user name', { userName: SECRET, sessionContext: undefined }],
    ['issuer', issuedBy(SECRET)],
  ])('hide a secret in the %s, also where the caller was seen without it', (_, changes) => {
    for (const identity of [seen, { ...seen, ...changes }, { ...seen, ...changes }]) {
      expect(JSON.stringify(principalOf(identity))).not.toContain(SECRET);
    }
  });

  it.each([
    ['with another behind a blank', `arn:aws:iam::${ACCOUNT}:role/Secret-Role arn:aws:iam::${ACCOUNT}:role/Ops`],
    [
      'with another behind a comma and a colon',
      `arn:aws:iam::${ACCOUNT}:role/Secret-Role,arn:aws:iam::${ACCOUNT}:role/Ops`,
    ],
    ['with an escape', `arn:aws:iam::${ACCOUNT}:role/Secret-Role%20`],
  ])('are none %s, whose role is not shown', (_, arn) => {
    expect(JSON.stringify(principalOf({ ...USER, arn }))).not.toContain('Secret-Role');
  });
});
