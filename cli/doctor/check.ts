import type { NotifierContext } from '../../infra/settings/context-schema.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import { type AwsClients, type AwsSettings, deployWords } from '../aws/clients.ts';
import type { DeployedStack } from '../aws/deployed-stack.ts';
import { AwsCallError, awsFailure, isAwsError } from '../aws/failure.ts';

/** The deployed stack, and what it should be like. */
export interface Subject {
  readonly clients: AwsClients;
  readonly settings: AwsSettings;
  readonly stack: DeployedStack;
  readonly context: NotifierContext;
  readonly rules: readonly CompiledRule[];
}

/** How a difference between the context and what is deployed is repaired. */
export const deployAgain = ({ settings }: Subject): string => deployWords(settings);

/** What one look at the deployed stack found. */
export interface Check {
  /** What was looked at. */
  readonly check: string;
  /** `warning` also where nothing could be found out: what was not seen is never `ok`. */
  readonly status: 'ok' | 'warning' | 'failed';
  readonly says: string;
  /** What to do about it. */
  readonly todo: string | undefined;
}

export const ok = (check: string, says: string): Check => ({ check, status: 'ok', says, todo: undefined });

export const warning = (check: string, says: string, todo?: string): Check => ({
  check,
  status: 'warning',
  says,
  todo,
});

export const failed = (check: string, says: string, todo: string): Check => ({ check, status: 'failed', says, todo });

/** `failed` with every fault, or `ok`. */
export const faultsOr = (check: string, faults: readonly string[], says: string, todo: string): Check =>
  faults.length === 0 ? ok(check, says) : failed(check, faults.join('; '), todo);

const unseen = (check: string, error: unknown): Check => {
  const { kind, text } = awsFailure(error);
  if (kind === 'not-found') return failed(check, text, 'deploy the stack again');
  return warning(
    check,
    `could not be checked: ${text}`,
    kind === 'denied' ? 'docs/operations.md lists what doctor must be allowed to do' : undefined,
  );
};

/**
 * Looks at one thing. What AWS does not let us see is a warning that says why; only without credentials, or without
 * an answer, there is nothing to go on with.
 */
export async function look(check: string, run: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await run();
  } catch (error) {
    if (!isAwsError(error)) throw error;
    const { kind, text } = awsFailure(error);
    if (kind === 'no-credentials') throw new AwsCallError(text, kind, { cause: error });
    return [unseen(check, error)];
  }
}
