import { UserError } from '../../infra/settings/user-error.ts';
import { templateRefusals } from '../../infra/template-checks/template-refusals.ts';

/** CloudFormation would not take the template, so no machine runs it either. A line for each reason. */
class RefusedTemplateError extends UserError {
  override readonly name = 'RefusedTemplateError';

  constructor(stackName: string, refusals: readonly string[]) {
    super([`CloudFormation would refuse the template of ${stackName}:`, ...refusals.map((refusal) => `  ${refusal}`)]);
  }
}

/**
 * Refuses what cannot be deployed, before anything of it runs.
 *
 * @throws RefusedTemplateError
 */
export function refuseTemplate(stackName: string, template: unknown): void {
  const refusals = templateRefusals(template);
  if (refusals.length > 0) throw new RefusedTemplateError(stackName, refusals);
}
