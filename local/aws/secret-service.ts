import { AwsError, type AwsService, createJsonService, type Operation } from './service.ts';

export interface SecretServiceOptions {
  /** Names or ARNs by which the secret may be asked for. */
  readonly secretIds: ReadonlySet<string>;
  /** The secret's text for whoever has this access key; `put` is what a person put last, if anybody did. */
  readonly secretFor: (accessKeyId: string | undefined, put: string | undefined) => string;
  readonly newId: () => string;
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
const LONGEST_SECRET = 65_536;

/** Secrets Manager, as far as reading and putting the one secret goes. */
export function createSecretService({ secretIds, secretFor, newId }: SecretServiceOptions): AwsService {
  let put: string | undefined;
  let versionId = newId();

  function find(secretId: unknown): string {
    if (typeof secretId === 'string' && secretIds.has(secretId)) return secretId;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  const getSecretValue: Operation = async ({ SecretId, VersionStage = 'AWSCURRENT' }, { accessKeyId }) => {
    const id = find(SecretId);
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

  const putSecretValue: Operation = async ({ SecretId, SecretString, ClientRequestToken }) => {
    const id = find(SecretId);
    if (typeof SecretString !== 'string' || SecretString.length === 0 || SecretString.length > LONGEST_SECRET) {
      throw new AwsError(
        'InvalidParameterException',
        `SecretString has to be text of 1 to ${LONGEST_SECRET} characters here.`,
      );
    }
    put = SecretString;
    versionId = typeof ClientRequestToken === 'string' ? ClientRequestToken : newId();
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
