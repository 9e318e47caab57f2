import { AwsError } from './aws-error.ts';
import type { AwsService } from './aws-service.ts';
import { createJsonService, type Operation } from './json-service.ts';

export interface SecretServiceOptions {
  /** Names or ARNs by which the secret may be asked for. */
  readonly secretIds: ReadonlySet<string>;
  /** The secret's text for whoever has this access key. */
  readonly secretFor: (accessKeyId: string | undefined) => string;
}

/** Secrets Manager, as far as reading the one secret goes. */
export function createSecretService({ secretIds, secretFor }: SecretServiceOptions): AwsService {
  const getSecretValue: Operation = async ({ SecretId, VersionStage = 'AWSCURRENT' }, { accessKeyId }) => {
    if (typeof SecretId !== 'string' || !secretIds.has(SecretId)) {
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    if (VersionStage !== 'AWSCURRENT') {
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${String(VersionStage)}`,
      );
    }
    return {
      ARN: SecretId,
      Name: SecretId,
      VersionId: '00000000-0000-4000-8000-000000000001',
      SecretString: secretFor(accessKeyId),
      VersionStages: ['AWSCURRENT'],
      CreatedDate: 1_700_000_000,
    };
  };
  return createJsonService('secretsmanager', new Map([['GetSecretValue', getSecretValue]]));
}
