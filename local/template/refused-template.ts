import { templateRefusals } from '../../infra/template-checks/template-refusals.ts';

/** CloudFormation would not take the template, so no machine runs it either. A line for each reason. */
export class RefusedTemplateError extends Error {
  override readonly name = 'RefusedTemplateError';
  readonly lines: readonly string[];

  constructor(stackName: string, refusals: readonly string[]) {
    const lines = [
      `CloudFormation would refuse the template of ${stackName}:`,
      ...refusals.map((refusal) => `  ${refusal}`),
    ];
    super(lines.join('\n'));
    this.lines = lines;
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
