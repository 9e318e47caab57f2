import type { JsonObject } from '../../shared/call/json.ts';
import { ACCOUNT, assumedRole } from '../builders.ts';
import { PARTNER } from './gallery-event.ts';

const session = (attributes: JsonObject, sessionIssuer: JsonObject = {}): JsonObject => ({ sessionIssuer, attributes });

/** One card for each way in which CloudTrail says who called. */
export const PRINCIPAL_CARDS: Readonly<Record<string, JsonObject>> = {
  'principal-root': {
    userIdentity: {
      type: 'Root',
      principalId: ACCOUNT,
      arn: `arn:aws:iam::${ACCOUNT}:root`,
      accountId: ACCOUNT,
      userName: 'broadcast-prod',
      sessionContext: session({ mfaAuthenticated: 'true' }),
    },
    userAgent: 'Mozilla/5.0',
    sessionCredentialFromConsole: 'true',
  },
  'principal-iam-user': {
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE',
      arn: `arn:aws:iam::${ACCOUNT}:user/ops/bob`,
      accountId: ACCOUNT,
      accessKeyId: 'AKIAEXAMPLE',
      userName: 'bob',
    },
  },
  'principal-assumed-role': { userIdentity: assumedRole('Operators', 'jane@example.org') },
  'principal-identity-center': {
    userIdentity: assumedRole('AWSReservedSSO_LiveOperations_0a1b2c3d4e5f6071', 'sam@example.org'),
  },
  'principal-source-identity': {
    userIdentity: {
      ...assumedRole('Automation', 'i-0abc123'),
      sessionContext: {
        ...session({ mfaAuthenticated: 'false' }, { type: 'Role', userName: 'Automation' }),
        sourceIdentity: 'alex@example.org',
      },
    },
  },
  'principal-role': {
    userIdentity: {
      type: 'Role',
      arn: `arn:aws:iam::${ACCOUNT}:role/Scheduler`,
      userName: 'Scheduler',
      accountId: ACCOUNT,
    },
  },
  'principal-federated-user': {
    userIdentity: {
      type: 'FederatedUser',
      principalId: `${ACCOUNT}:kim`,
      arn: `arn:aws:sts::${ACCOUNT}:federated-user/kim`,
      accountId: ACCOUNT,
      sessionContext: session({ mfaAuthenticated: 'false' }, { type: 'IAMUser', userName: 'broker' }),
    },
  },
  'principal-directory': { userIdentity: { type: 'Directory', userName: 'lee@corp.example.org', accountId: ACCOUNT } },
  'principal-other-account': {
    userIdentity: { type: 'AWSAccount', principalId: 'AROAOTHER:deploy', accountId: PARTNER },
  },
  'principal-aws-service': {
    userIdentity: { type: 'AWSService', invokedBy: 'medialive.amazonaws.com' },
    sourceIPAddress: 'medialive.amazonaws.com',
    userAgent: 'medialive.amazonaws.com',
  },
  'principal-cloudformation': {
    userIdentity: { ...assumedRole('Deploy', 'jane@example.org'), invokedBy: 'cloudformation.amazonaws.com' },
    sourceIPAddress: 'cloudformation.amazonaws.com',
    userAgent: 'cloudformation.amazonaws.com',
  },
  'principal-identity-center-user': {
    userIdentity: {
      type: 'IdentityCenterUser',
      accountId: ACCOUNT,
      onBehalfOf: {
        userId: '94482488-3041-7099-0ca5-7d35a7ba3a0e',
        identityStoreArn: 'arn:aws:identitystore::1:identitystore/d-1',
      },
      credentialId: 'abc',
    },
  },
  'principal-saml': {
    userIdentity: { type: 'SAMLUser', principalId: 'nq=:ana', userName: 'ana', identityProvider: 'nq=' },
  },
  'principal-web-identity': {
    userIdentity: {
      type: 'WebIdentityUser',
      principalId: 'accounts.google.com:app:1234',
      userName: '1234',
      identityProvider: 'accounts.google.com',
    },
  },
  'principal-unknown': { userIdentity: { type: 'Unknown' } },
  'principal-none': {
    userIdentity: { accountId: ACCOUNT, invokedBy: 'AWS Internal' },
    sourceIPAddress: 'AWS Internal',
  },
};
