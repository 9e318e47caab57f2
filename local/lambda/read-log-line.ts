import * as z from 'zod';
import { IMPACTS } from '../../shared/call/operations.ts';
import { DECISION_MESSAGE, type Decision } from '../../shared/delivery/settle.ts';

const CallSchema = z.object({
  operation: z.string(),
  resource: z.string(),
  access: z.enum(['read-only', 'mutating']),
  outcome: z.enum(['succeeded', 'denied', 'failed']),
  impact: z.enum(IMPACTS),
});

const DecisionLineSchema = z.object({
  message: z.literal(DECISION_MESSAGE),
  eventId: z.string(),
  rule: z.string(),
  channel: z.string(),
  call: CallSchema.optional(),
  result: z.enum(['posted', 'folded', 'dead-lettered', 'repeated', 'waiting', 'notified', 'dropped']),
  reason: z.string().optional(),
});

/** A line of a function's log: a decision, or a warning or error that a person should see. */
export type LogLine =
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'trouble'; readonly level: string; readonly text: string }
  | { readonly kind: 'other' };

const TroubleSchema = z.object({
  level: z.enum(['WARN', 'ERROR', 'CRITICAL']),
  message: z.string(),
  reason: z.string().optional(),
  error: z.object({ message: z.string() }).optional(),
});

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Reads a line that a function wrote. */
export function readLogLine(line: string): LogLine {
  const json = parse(line);
  const decision = DecisionLineSchema.safeParse(json);
  if (decision.success) {
    const { message: _, ...fields } = decision.data;
    return { kind: 'decision', decision: fields as Decision };
  }
  const trouble = TroubleSchema.safeParse(json);
  if (trouble.success) {
    const { level, message, reason, error } = trouble.data;
    return { kind: 'trouble', level, text: [message, reason, error?.message].filter(Boolean).join(': ') };
  }
  // A line that is no JSON is what a process says that cannot even log.
  return json === undefined && line.trim() !== '' ? { kind: 'trouble', level: 'ERROR', text: line } : { kind: 'other' };
}
