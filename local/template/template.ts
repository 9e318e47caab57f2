import * as z from 'zod';
import { UserError } from '../../infra/settings/user-error.ts';

/** Where the stack is said to live, and how to reach it. */
export interface StackEnvironment {
  readonly stackName: string;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  /** Base of the queue URLs: the gateway's own address. */
  readonly endpoint: string;
}

/** The template asks for something that one machine does not imitate. Said at start, rather than done wrongly later. */
export class UnsupportedTemplateError extends UserError {
  override readonly name = 'UnsupportedTemplateError';
}

const object = z.record(z.string(), z.unknown());

/** One resource of a CloudFormation template, as far as it is interpreted. */
const ResourceSchema = z.looseObject({
  Type: z.string(),
  Properties: object.default({}),
});

/** A synthesized CloudFormation template. */
export const TemplateSchema = z.looseObject({
  Parameters: z.record(z.string(), object).default({}),
  Resources: z.record(z.string(), ResourceSchema),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })).default({}),
});

export type CloudFormationTemplate = z.infer<typeof TemplateSchema>;
export type TemplateResource = z.infer<typeof ResourceSchema>;
