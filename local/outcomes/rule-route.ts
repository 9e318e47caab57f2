import * as z from 'zod';
import type { CompiledRule } from '../../infra/notifier-context.ts';
import type { BusRule, StackModel } from '../template/stack-model.ts';
import { UnsupportedTemplateError } from '../template/unsupported-template-error.ts';

const RouteSchema = z.object({ rule: z.string(), channel: z.string() });

const NO_EVENT = { event: {}, ingestionTime: '', ruleName: '', ruleArn: '' };

/** A rule of the bus in the words of the admin's settings: read back out of what is deployed. */
export function routeOf(rule: BusRule, { mappings }: Pick<StackModel, 'mappings'>): CompiledRule {
  const [target] = rule.targets;
  const route = RouteSchema.safeParse(target === undefined ? undefined : JSON.parse(target.transform(NO_EVENT)));
  if (!route.success) throw new UnsupportedTemplateError(`${rule.name}: its target's input has no rule and channel`);
  const isReadAtOnce = mappings.some(({ queueArn }) => queueArn === target?.arn);
  return {
    name: route.data.rule,
    channel: route.data.channel,
    delivery: isReadAtOnce ? 'immediate' : 'digest',
    state: rule.state,
    pattern: JSON.parse(rule.patternText),
  };
}
