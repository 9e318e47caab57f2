import type { DeployedStack } from '../aws/deployed-stack.ts';
import { type Check, failed, ok, warning } from './check.ts';

/** How the last deployment ended. */
export function checkStack({ name, status }: DeployedStack): Check {
  const check = `stack ${name}`;
  if (status === undefined)
    return warning(check, 'its state could not be checked: only a file of its outputs is known');
  if (status.endsWith('_IN_PROGRESS')) return warning(check, `is being changed: ${status}`, 'wait, then ask again');
  if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE') return ok(check, status);
  return failed(
    check,
    `its last update did not succeed: ${status}`,
    `look at: aws cloudformation describe-stack-events --stack-name ${name}`,
  );
}
