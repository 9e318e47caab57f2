import { describe, expect, it } from 'vitest';
import { identifyPrincipal } from '../../shared/identify-principal.ts';
import { phraseText } from '../../shared/phrase.ts';
import { ACCOUNT, anApiCallEvent } from '../builders.ts';

type Json = Record<string, unknown>;

const principalOf = (userIdentity: unknown, changes: Json = {}) =>
  identifyPrincipal(anApiCallEvent({ detail: { userIdentity, ...changes } }).detail);

const factsOf = (userIdentity: unknown): Record<string, string> =>
  Object.fromEntries(principalOf(userIdentity).facts.map(({ label, value }) => [label, phraseText(value)]));

const assumedRole = (role: string, session: string, changes: Json = {}): Json => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLEEXAMPLE:${session}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAEXAMPLEEXAMPLE',
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/${role}`, userName: role },
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
      null,
    ],
    [
      'an assumed role whose arn ends early',
      { type: 'AssumedRole', arn: 'arn:aws:sts::1:', principalId: 'AROAX' },
      'AssumedRole',
      null,
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
    ['botocore-session-1795377605', 'jane', 'jane'],
    ['i-0123456789abcdef0', 'jane', 'jane'],
    ['1795377605', 'jane', 'jane'],
    ['deploy', 'jane@example.org', 'jane@example.org'],
    ['jane', 'jdoe', 'jane'],
    ['jane@example.org', 'jdoe@example.org', 'jane@example.org'],
    ['botocore-session-1795377605', undefined, 'botocore-session-1795377605'],
  ])('between session %s and source identity %s chooses %s', (session, sourceIdentity, name) => {
    const identity = assumedRole('Ops', session);
    const sessionContext = { ...(identity.sessionContext as Json), sourceIdentity };
    expect(principalOf({ ...identity, sessionContext }).name).toBe(name);
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
    [assumedRole('AWSReservedSSO_Admin', 'jane'), { kind: 'permission set', name: 'Admin' }],
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
      {
        'Root or IAM user': 'the root user of the account',
        Credentials: 'long-term, no temporary credentials',
        'AWS service': 'no',
      },
    ],
    [
      'an IAM user with long-term keys',
      USER,
      { 'Root or IAM user': 'IAM user', Credentials: 'long-term, no temporary credentials', 'AWS service': 'no' },
    ],
    [
      'an IAM user in a session with MFA',
      {
        ...USER,
        accessKeyId: 'ASIAEXAMPLE',
        sessionContext: { sessionIssuer: {}, attributes: { mfaAuthenticated: 'true' } },
      },
      {
        'Root or IAM user': 'IAM user',
        Credentials: 'temporary, a session of their own',
        'AWS service': 'no',
        MFA: 'yes',
      },
    ],
    [
      'the user guide’s user, whose session a role issued',
      {
        ...USER,
        accessKeyId: 'ABCDE',
        sessionContext: { sessionIssuer: { userName: 'Administrator' }, attributes: { mfaAuthenticated: false } },
      },
      { 'Root or IAM user': 'IAM user', Credentials: 'temporary, role Administrator', 'AWS service': 'no', MFA: 'no' },
    ],
    [
      'a directory user in a session',
      { type: 'Directory', userName: 'x', sessionContext: { attributes: { mfaAuthenticated: '__proto__' } } },
      {
        'Root or IAM user': 'directory user, neither root nor an IAM user',
        Credentials: 'temporary',
        'AWS service': 'no',
      },
    ],
    [
      'a service that does not say which',
      { type: 'AWSService' },
      {
        'Root or IAM user': 'AWS service, neither root nor an IAM user',
        Credentials: 'none, the service itself',
        'AWS service': 'yes',
      },
    ],
    [
      'a person in a role',
      assumedRole('Ops', 'jane'),
      {
        'Root or IAM user': 'assumed role, neither root nor an IAM user',
        Credentials: 'temporary, role Ops',
        'AWS service': 'no',
        MFA: 'no',
      },
    ],
    [
      'a role used by CloudFormation',
      assumedRole('Ops', 'jane', { invokedBy: 'cloudformation.amazonaws.com' }),
      {
        'Root or IAM user': 'assumed role, neither root nor an IAM user',
        Credentials: 'temporary, role Ops',
        'AWS service': 'yes, cloudformation.amazonaws.com',
        MFA: 'no',
      },
    ],
    [
      'a person whom the console signed in',
      assumedRole('Ops', 'jane', { invokedBy: 'signin.amazonaws.com' }),
      {
        'Root or IAM user': 'assumed role, neither root nor an IAM user',
        Credentials: 'temporary, role Ops',
        'AWS service': 'no, a person through the console (signin.amazonaws.com)',
        MFA: 'no',
      },
    ],
    [
      'a federated user',
      FEDERATED,
      {
        'Root or IAM user': 'federated user, neither root nor an IAM user',
        Credentials: 'temporary, broker broker',
        'AWS service': 'no',
      },
    ],
    [
      'a service',
      { type: 'AWSService', invokedBy: 'medialive.amazonaws.com' },
      {
        'Root or IAM user': 'AWS service, neither root nor an IAM user',
        Credentials: 'none, the service itself',
        'AWS service': 'yes, medialive.amazonaws.com',
      },
    ],
    [
      'a role of another account',
      { type: 'AWSAccount', principalId: 'AROAX:deployer', accountId: '444455556666' },
      { 'Root or IAM user': 'another AWS account', Credentials: 'not said', 'AWS service': 'no', Session: 'deployer' },
    ],
    [
      'a type that is new',
      { type: 'Martian' },
      { 'Root or IAM user': 'Martian', Credentials: 'not said', 'AWS service': 'no' },
    ],
    ['nothing', {}, { 'Root or IAM user': 'not said', Credentials: 'not said', 'AWS service': 'no' }],
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
      'the delegate',
      assumedRole('Ops', 'jane', { invokedByDelegate: { accountId: '999' } }),
      'Delegate account',
      '999',
    ],
    [
      'an assumed root session',
      { ...ROOT, sessionContext: { assumedRoot: 'true' } },
      'Root or IAM user',
      'a session as the root user of a member account',
    ],
  ])('are followed by %s', (_, userIdentity, label, value) => {
    expect(factsOf(userIdentity)).toMatchObject({ [label]: value });
  });
});

it.each([
  ['trustedadvisor.amazonaws.com', 'yes, trustedadvisor.amazonaws.com'],
  ['AWS Internal/3', 'yes, AWS Internal/3'],
  ['203.0.113.17', 'no'],
  ['amazonaws.com.example.org', 'no'],
])('takes the address %s as evidence of a service: %s', (sourceIPAddress, expected) => {
  const { facts } = principalOf(assumedRole('Ops', 'x'), { sourceIPAddress });
  expect(phraseText(facts.find(({ label }) => label === 'AWS service')?.value ?? [])).toBe(expected);
});

describe('loudness', () => {
  it.each([
    ['root', ROOT, true],
    ['another account', { type: 'AWSAccount', accountId: '444455556666' }, true],
    ['a user of another account', { ...USER, accountId: '444455556666' }, true],
    ['a user of this account', USER, false],
    ['a service', { type: 'AWSService', invokedBy: 'medialive.amazonaws.com' }, false],
    ['nobody', {}, false],
  ])('of %s is %s', (_, userIdentity, loud) => {
    expect(principalOf(userIdentity).loud).toBe(loud);
  });

  it('does not need the called account', () => {
    expect(principalOf(USER, { recipientAccountId: undefined }).loud).toBe(false);
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
