import { AwsError, type AwsService, createJsonService, type Operation, validationError } from './service.ts';

export interface SecretServiceOptions {
  /** Names or ARNs by which the secret may be asked for. */
  readonly secretIds: ReadonlySet<string>;
  /** The secret's text for whoever has this access key; `put` is what a person put last, if anybody did. */
  readonly secretFor: (accessKeyId: string | undefined, put: string | undefined) => string;
  readonly newId: () => string;
}

/** In bytes. @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
const LONGEST_SECRET = 65_536;

/** The name of a version: 32 to 64 characters that the SDK makes up. */
function versionOf(token: unknown): string {
  if (typeof token === 'string' && token.length >= 32 && token.length <= 64) return token;
  throw validationError(`'${String(token)}'`, 'clientRequestToken', 'Member must have length between 32 and 64');
}

/** Secrets Manager, as far as reading and putting the one secret goes. */
export function createSecretService({ secretIds, secretFor, newId }: SecretServiceOptions): AwsService {
  let put: string | undefined;
  let versionId = newId();

  function find(secretId: unknown): string {
    if (typeof secretId === 'string' && secretIds.has(secretId)) return secretId;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  const getSecretValue: Operation = async ({ SecretId, VersionId, VersionStage = 'AWSCURRENT' }, { accessKeyId }) => {
    const id = find(SecretId);
    if (VersionId !== undefined && VersionId !== versionId) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for VersionId: ${String(VersionId)}`,
      );
    }
    if (VersionStage !== 'AWSCURRENT') {
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${String(VersionStage)}`,
      );
    }
    return {
      ARN: id,
      Name: id,
      VersionId: versionId,
      SecretString: secretFor(accessKeyId, put),
      VersionStages: ['AWSCURRENT'],
      CreatedDate: 1_700_000_000,
    };
  };

  const putSecretValue: Operation = async ({ SecretId, SecretString, SecretBinary, ClientRequestToken }) => {
    const id = find(SecretId);
    const bytes = typeof SecretString === 'string' ? Buffer.byteLength(SecretString) : 0;
    if (typeof SecretString !== 'string' || bytes === 0 || bytes > LONGEST_SECRET || SecretBinary !== undefined) {
      throw new AwsError(
        'InvalidParameterException',
        `SecretString has to be text of 1 to ${LONGEST_SECRET} bytes here, and alone.`,
      );
    }
    const version = ClientRequestToken === undefined ? newId() : versionOf(ClientRequestToken);
    if (version === versionId && SecretString !== put) {
      throw new AwsError(
        'ResourceExistsException',
        `You can't use ClientRequestToken ${version} because that value is already in use for a version of secret ${id}.`,
      );
    }
    put = SecretString;
    versionId = version;
    return { ARN: id, Name: id, VersionId: versionId, VersionStages: ['AWSCURRENT'] };
  };

  return createJsonService(
    'secretsmanager',
    new Map([
      ['GetSecretValue', getSecretValue],
      ['PutSecretValue', putSecretValue],
    ]),
  );
}
