import { compileRules } from '../../infra/rules/compile-rule.ts';
import type { NotifierContext } from '../../infra/settings/context-schema.ts';
import { type AwsSettings, createAwsClients, deployWords } from '../aws/clients.ts';
import { type DeployedStack, readDeployedStack } from '../aws/deployed-stack.ts';
import { AwsCallError } from '../aws/failure.ts';
import { type Check, failed, type Subject } from './check.ts';
import { checkAlarms, checkFunctions, checkLedger, checkSecret, checkStack } from './check-parts.ts';
import { checkPosts } from './check-posts.ts';
import { checkAges, checkQueues } from './check-queues.ts';
import { checkRegion } from './check-region.ts';
import { checkRules } from './check-rules.ts';
import { checkSchedules } from './check-schedules.ts';
import { checkSignals } from './check-signals.ts';
import { checkTrail } from './check-trail.ts';

export interface DoctorOptions {
  readonly settings: AwsSettings;
  readonly context: NotifierContext;
  /** A file of the stack's outputs. */
  readonly outputs: string | undefined;
  readonly cwd: string;
  /** Whether a test message is posted to each channel. */
  readonly post: boolean;
  readonly nowMs: number;
}

/** Along the way that a call takes: from CloudTrail to Slack, then what watches over it. */
const CHECKS: readonly ((subject: Subject, nowMs: number) => Promise<readonly Check[]>)[] = [
  checkRegion,
  checkTrail,
  checkRules,
  checkSignals,
  checkQueues,
  checkAges,
  checkFunctions,
  checkSchedules,
  checkLedger,
  checkSecret,
  checkAlarms,
];

function withoutStack(settings: AwsSettings, error: unknown): Check {
  if (!(error instanceof AwsCallError) || error.kind !== 'not-found') throw error;
  return failed(`stack ${settings.stackName}`, `there is none in ${settings.region}`, deployWords(settings));
}

/**
 * Looks at a deployed stack from outside and compares it with the context, one finding at a time.
 *
 * @throws AwsCallError when nothing can be looked at: no credentials, no answer, no right to see the stack.
 */
export async function* runDoctor(options: DoctorOptions): AsyncGenerator<Check> {
  const { settings, context, nowMs } = options;
  const clients = createAwsClients(settings);
  let stack: DeployedStack;
  try {
    stack = await readDeployedStack(clients, settings, options);
  } catch (error) {
    yield withoutStack(settings, error);
    return;
  }
  yield checkStack(stack);
  const subject: Subject = { clients, settings, stack, context, rules: compileRules(context) };
  for (const check of CHECKS) yield* await check(subject, nowMs);
  if (options.post) yield* await checkPosts(subject);
}
