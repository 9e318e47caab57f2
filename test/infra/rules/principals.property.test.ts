import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../infra/rules/compile-rule.ts';
import { principalsMean } from '../../../infra/rules/principals.ts';
import { readContext } from '../../../infra/settings/read-context.ts';
import { CloudTrailRecordSchema } from '../../../shared/call/api-call-event.ts';
import type { JsonObject } from '../../../shared/call/json.ts';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { isMatch } from '../../../shared/eventbridge/match-pattern.ts';
import { identifyPrincipal } from '../../../shared/notification/principal.ts';
import { principalWords } from '../../../shared/notification/principal-words.ts';
import { anEvent, aRecord } from '../../builders.ts';
import { aRule } from './a-rule.ts';

// Few names, so that one caller's role is another's session, user and source identity.
const NAMES = ['TerraformDeploy', 'Ops', 'jane@example.org', 'ceo@example.org', 'robot', 'ci-17'];
const name = fc.constantFrom(...NAMES);
const role = fc.oneof(
  name,
  name.map((set) => (set.includes('@') ? set : `AWSReservedSSO_${set}_0123456789abcdef`)),
);
const path = fc.constantFrom('', '', 'TerraformDeploy/', 'a/b/');

const SETS_PATH = 'aws-reserved/sso.amazonaws.com/eu-west-1/';

const roleSession = fc
  .record({
    role,
    rolePath: fc.constantFrom('', SETS_PATH, SETS_PATH, 'aws-reserved/'),
    session: name,
    stated: fc.option(name),
    invokedBy: fc.option(fc.constant('medialive.amazonaws.com')),
  })
  // What is called otherwise is never in the path of permission sets.
  .map(({ role, rolePath, ...rest }) => ({
    ...rest,
    role,
    rolePath: rolePath === SETS_PATH && !role.startsWith('AWSReservedSSO_') ? '' : rolePath,
  }))
  .map(({ role, rolePath, session, stated, invokedBy }) => ({
    type: 'AssumedRole',
    principalId: `AROAEXAMPLE:${session}`,
    arn: `arn:aws:sts::111122223333:assumed-role/${role}/${session}`,
    accountId: '111122223333',
    sessionContext: {
      sessionIssuer: { type: 'Role', arn: `arn:aws:iam::111122223333:role/${rolePath}${role}`, userName: role },
      ...(stated !== null && { sourceIdentity: stated }),
    },
    ...(invokedBy !== null && { invokedBy }),
  }));
const user = fc.record({ path, user: name, named: fc.boolean() }).map(({ path, user, named }) => ({
  type: 'IAMUser',
  arn: `arn:aws:iam::111122223333:user/${path}${user}`,
  accountId: '111122223333',
  ...(named && { userName: user }),
}));
const federated = fc.record({ user: name, broker: fc.option(name) }).map(({ user, broker }) => ({
  type: 'FederatedUser',
  principalId: `111122223333:${user}`,
  arn: `arn:aws:sts::111122223333:federated-user/${user}`,
  accountId: '111122223333',
  sessionContext: { sessionIssuer: broker === null ? { type: 'Root' } : { type: 'IAMUser', userName: broker } },
}));
const root = fc.option(name).map((alias) => ({
  type: 'Root',
  principalId: '111122223333',
  arn: 'arn:aws:iam::111122223333:root',
  accountId: '111122223333',
  ...(alias !== null && { userName: alias }),
}));
const others = fc.constantFrom<JsonObject>(
  { type: 'AWSAccount', principalId: 'AROAEXAMPLE:ci-17', accountId: '777788889999' },
  { type: 'IAMUser', arn: 'arn:aws:iam::777788889999:user/ops', userName: 'ops', accountId: '777788889999' },
  { type: 'AWSService', invokedBy: 'medialive.amazonaws.com' },
  {
    type: 'IdentityCenterUser',
    accountId: '111122223333',
    onBehalfOf: { userId: 'e3644802-3061-7018-86c3-000000000000' },
  },
);
const caller: fc.Arbitrary<JsonObject> = fc.oneof(roleSession, roleSession, user, federated, root, others);
const written = fc.oneof(
  name,
  caller.chain((userIdentity) => fc.constantFrom(...principalWords({ userIdentity }).map(({ text }) => text))),
  fc.constantFrom(
    'Terraform*',
    '*@example.org',
    'j*',
    '*bot',
    'Ops/*',
    '*/ci-17',
    'arn:aws:iam::*:role/TerraformDeploy',
  ),
);

const isNotified = (principals: JsonObject, userIdentity: JsonObject): boolean =>
  isMatch(compilePattern(compileRule('x', aRule({ principals })).pattern), anEvent({ detail: { userIdentity } }));
const recordOf = (userIdentity: JsonObject) => CloudTrailRecordSchema.parse(aRecord({ userIdentity }));

describe('words shown and words taken are one', () => {
  it.each(['include', 'exclude'] as const)('%s means exactly the callers whose words match', (side) => {
    fc.assert(
      fc.property(fc.array(written, { minLength: 1, maxLength: 2 }), caller, (globs, userIdentity) => {
        const principals = { [side]: globs };
        expect(isNotified(principals, userIdentity)).toBe(principalsMean(principals, recordOf(userIdentity)));
      }),
      { numRuns: 4000 },
    );
  });

  it('takes the word that is shown of a caller, whoever it is', () => {
    fc.assert(
      fc.property(caller, (userIdentity) => {
        const shown = principalWords(recordOf(userIdentity))[0]?.text ?? '';
        expect([
          isNotified({ include: [shown] }, userIdentity),
          isNotified({ exclude: [shown] }, userIdentity),
        ]).toEqual([true, false]);
      }),
      { numRuns: 1000 },
    );
  });
});

it('a card says by which word a rule names the caller, whoever it is', () => {
  fc.assert(
    fc.property(caller, (userIdentity) => {
      // A role that only looks like a permission set's is named by its ARN, which no card shows.
      fc.pre(!principalWords({ userIdentity }).some(({ from }) => from === 'look-alike'));
      const { said, facts } = identifyPrincipal(recordOf(userIdentity));
      const inRules = facts.find(({ label }) => label === 'In rules')?.value ?? said;
      const word = inRules.find(({ kind }) => kind === 'name')?.text ?? '';
      expect([isNotified({ include: [word] }, userIdentity), isNotified({ exclude: [word] }, userIdentity)]).toEqual([
        true,
        false,
      ]);
    }),
    { numRuns: 1000 },
  );
});

describe('nobody silences themselves', () => {
  it.each([
    ['without a path', ''],
    ['with a path of AWS for other roles', 'aws-reserved/'],
    ['with a path that holds the path of permission sets', `x:role/${SETS_PATH}`],
  ])('by a role called like one of a permission set, %s', (_, rolePath) => {
    const role = 'AWSReservedSSO_Ops_0123456789abcdef';
    const userIdentity = {
      type: 'AssumedRole',
      arn: `arn:aws:sts::111122223333:assumed-role/${role}/jane`,
      sessionContext: {
        sessionIssuer: { type: 'Role', arn: `arn:aws:iam::111122223333:role/${rolePath}${role}`, userName: role },
      },
    };
    for (const exclude of ['Ops', 'O*', 'jane', 'j*', 'Ops/jane', 'Ops/*', 'AWSReservedSSO_*', `${role}/jane`]) {
      expect([exclude, isNotified({ exclude: [exclude] }, userIdentity)]).toEqual([exclude, true]);
      expect(principalsMean({ exclude: [exclude] }, recordOf(userIdentity))).toBe(true);
    }
  });

  it('by a broker for federation called like a role of a permission set', () => {
    const userIdentity = {
      type: 'FederatedUser',
      arn: 'arn:aws:sts::111122223333:federated-user/jane',
      sessionContext: {
        sessionIssuer: {
          type: 'IAMUser',
          arn: 'arn:aws:iam::111122223333:user/AWSReservedSSO_Ops_0123456789abcdef',
          userName: 'AWSReservedSSO_Ops_0123456789abcdef',
        },
      },
    };
    for (const exclude of ['Ops', 'jane', 'j*']) expect(isNotified({ exclude: [exclude] }, userIdentity)).toBe(true);
  });

  it('by a session name, a name for federation or the path of a user', () => {
    fc.assert(
      fc.property(name, name, (mine, excluded) => {
        const callers: readonly JsonObject[] = [
          {
            type: 'AssumedRole',
            arn: `arn:aws:sts::111122223333:assumed-role/Mine/${mine}`,
            sessionContext: { sessionIssuer: { type: 'Role', userName: 'Mine' } },
          },
          { type: 'FederatedUser', arn: `arn:aws:sts::111122223333:federated-user/${mine}` },
          { type: 'IAMUser', userName: 'me', arn: `arn:aws:iam::111122223333:user/${mine}/me` },
        ];
        expect(callers.map((userIdentity) => isNotified({ exclude: [excluded] }, userIdentity))).toEqual([
          true,
          true,
          true,
        ]);
      }),
    );
  });
});

it('what cards show of five callers of every kind fits into one rule, and none of them is notified', () => {
  const role = (set: string, session: string, stated?: string): JsonObject => ({
    type: 'AssumedRole',
    arn: `arn:aws:sts::111122223333:assumed-role/${set}/${session}`,
    accountId: '111122223333',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        arn: `arn:aws:iam::111122223333:role/${set.startsWith('AWSReservedSSO_') ? SETS_PATH : ''}${set}`,
        userName: set,
      },
      ...(stated && { sourceIdentity: stated }),
    },
  });
  const callers: Readonly<Record<string, JsonObject>> = {
    'op-4@example.org': role('TempOps', 'op-4', 'op-4@example.org'),
    BroadcastOps: role('AWSReservedSSO_BroadcastOps_0123456789abcdef', 'jane'),
    '777788889999': { type: 'AWSAccount', principalId: 'AROAX:ci', accountId: '777788889999' },
    'e3644802-3061-7018-86c3-000000000000': {
      type: 'IdentityCenterUser',
      onBehalfOf: { userId: 'e3644802-3061-7018-86c3-000000000000' },
    },
    robot: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/bots/robot' },
  };
  const exclude = Object.keys(callers);
  expect(Object.values(callers).filter((userIdentity) => isNotified({ exclude }, userIdentity))).toEqual([]);
  const { rules } = readContext({ 'notifier:rules': { x: { access: 'mutating', principals: { exclude } } } });
  expect(Object.keys(rules)).toEqual(['x']);
});
