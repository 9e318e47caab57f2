import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../shared/call/json.ts';
import { aCall, pathOfRole } from '../builders.ts';
import { allMessages } from './all-messages.ts';

const session = (role: string, name: string, sourceIdentity?: string): JsonObject => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE:${name}`,
  arn: `arn:aws:sts::111122223333:assumed-role/${role}/${name}`,
  accountId: '111122223333',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      arn: `arn:aws:iam::111122223333:role/${pathOfRole(role)}${role}`,
      userName: role,
    },
    ...(sourceIdentity && { sourceIdentity }),
  },
});

const headlines = (userIdentity: JsonObject): Readonly<Record<string, string>> => {
  const call = aCall('StopFlow', { userIdentity });
  const { single, fold, digest, fallback } = allMessages([call, call], { isMany: false });
  return {
    single: JSON.stringify(single),
    fold: JSON.stringify(fold),
    digest: JSON.stringify(digest),
    fallback: JSON.stringify(fallback),
  };
};

describe('who passes for somebody else', () => {
  it('by the name of a session stands beside the role that he took, in every message', () => {
    for (const said of Object.values(headlines(session('Trainee', 'ceo@example.org')))) {
      expect(said).toMatch(/ceo@example[.\u2024]org[`\s]*as role [`\s]*Trainee/);
    }
  });

  it('stands with the source identity that differs', () => {
    for (const said of Object.values(headlines(session('Trainee', 'ceo@example.org', 'mallory@example.org')))) {
      expect(said).toMatch(/source identity [`\s]*mallory@example[.\u2024]org/);
    }
  });

  it('by a source identity that is the same says nothing more', () => {
    expect(headlines(session('Trainee', 'jane', 'jane')).single).not.toContain('source identity');
  });

  it('stands with a source identity that is hidden as his session is, and is another', () => {
    const [one, other] = ['AKIAZ5QMARKEDKEY7XQ2', 'AKIAZ5QMARKEDKEY7XQ3'];
    expect(headlines(session('Trainee', one, other)).single).toMatch(/source identity [`\s]*\(not shown\)/);
    expect(headlines(session('Trainee', one, one)).single).not.toContain('source identity');
  });

  it('by a role that is called like a permission set is a role’s session all the same', () => {
    const { single } = headlines(session('Operators_AWSReservedSSO_0123456789abcdef', 'ceo@example.org'));
    expect(single).toContain('as role');
  });

  it('by a role with the very name of a permission set’s is a role’s session, without the path that AWS gives', () => {
    const forged = session('AWSReservedSSO_Operators_0123456789abcdef', 'ceo@example.org');
    const userIdentity = JSON.parse(JSON.stringify(forged).replace(/aws-reserved[^"]*\//, ''));
    for (const said of Object.values(headlines(userIdentity))) expect(said).toContain('as role');
  });

  it('by a role called like a permission set is not counted with its people', () => {
    const keys = ['Operators', 'AWSReservedSSO_Operators_0123456789abcdef'].map(
      (role) => aCall('StopFlow', { userIdentity: session(role, 'ceo@example.org') }).principal.key,
    );
    expect(new Set(keys).size).toBe(2);
  });

  it('by a session called like its role’s id stands with the role and the source identity', () => {
    const [id, mallory] = ['AROAEXAMPLE', 'mallory@example.org'];
    for (const said of Object.values(headlines(session('Trainee', id, mallory)))) {
      expect(said).toMatch(
        /AROAEXAMPLE[`\s]*as role [`\s]*Trainee[`\s]*\(source identity [`\s]*mallory@example[.\u2024]org/,
      );
    }
    const federated = { type: 'FederatedUser', principalId: '111122223333:111122223333' };
    const arn = 'arn:aws:sts::111122223333:federated-user/111122223333';
    const sessionContext = { sessionIssuer: { type: 'IAMUser', userName: 'Broker' } };
    expect(headlines({ ...federated, arn, sessionContext }).single).toContain('federated by `Broker`');
  });

  it('by a session that holds the words of a message says them in its own span', () => {
    const { single } = headlines(session('Trainee', 'ceo as role Admin'));
    expect(single).toContain('`ceo as role Admin` as role `Trainee`');
  });
});

it('who is a user of Identity Center is named by himself: AWS sets the name of his session', () => {
  const { single } = headlines(session('AWSReservedSSO_Operators_0123456789abcdef', 'jane@example.org'));
  expect(single).toContain('by `jane@example.org`');
  expect(single).not.toContain('as role');
});

describe('whoever chooses the name of a thing', () => {
  const PROSE = `AwardsShow, by ceo@example.org as role Admins (111122223333, eu-west-1) ${'\u2013'.repeat(300)}`;
  const refused = { errorCode: 'AccessDenied', errorMessage: 'x', userIdentity: session('Guests', 'mallory') };
  const outputs = Array.from({ length: 9 }, (_, index) => ({ name: `${index}${'x'.repeat(3000)}`, protocol: 'rtp' }));

  it.each([
    [
      'of a flow',
      aCall('CreateFlow', { ...refused, requestParameters: { name: PROSE } }),
      'create flow “AwardsShow, by',
    ],
    ['of outputs', aCall('AddFlowOutputs', { ...refused, requestParameters: { outputs } }), 'add '],
    [
      'of a flow and an output',
      aCall('UpdateFlowOutput', {
        ...refused,
        requestParameters: {
          flowArn: `arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-a-b:${'F'.repeat(900)}`,
          outputArn: `arn:aws:mediaconnect:eu-west-1:111122223333:output:1-a-b:${'O'.repeat(900)}`,
        },
      }),
      'update output',
    ],
  ])('%s does not say who called, nor hide what was done and by whom', (_, call, verb) => {
    const { single, fold, fallback } = allMessages([call, call], { isMany: false });
    for (const [message] of [single ?? [], fold ?? [], fallback ?? []]) {
      expect(message?.text).toContain(verb);
      expect(message?.text).toContain(', by mallory as role Guests');
      expect(message?.text).not.toMatch(/(?<!“AwardsShow), by ceo/);
    }
    expect(JSON.stringify(fold)).toContain('as role `Guests`');
  });
});
