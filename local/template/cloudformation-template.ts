import * as z from 'zod';

const object = z.record(z.string(), z.unknown());

/** One resource of a CloudFormation template, as far as it is interpreted. */
export const ResourceSchema = z.looseObject({
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
