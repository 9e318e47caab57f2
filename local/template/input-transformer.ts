import { UnsupportedTemplateError } from './template.ts';

/** What EventBridge's predefined variables stand for at the moment a rule matches. */
export interface TransformInput {
  readonly event: unknown;
  /** When the bus took the event, ISO 8601. */
  readonly ingestionTime: string;
  readonly ruleName: string;
  readonly ruleArn: string;
}

/** Makes the text that a target gets. */
export type Transform = (input: TransformInput) => string;

interface Variable {
  /** JSON of the value. */
  readonly json: (input: TransformInput) => string;
  /** These two hold JSON that EventBridge does not escape, so they stand only as the value of a field, unquoted. */
  readonly unquotedOnly?: true;
}

const text =
  (read: (input: TransformInput) => string): Variable['json'] =>
  (input) =>
    JSON.stringify(read(input));

const withoutDetail = (event: unknown): unknown => {
  if (typeof event !== 'object' || event === null) return event;
  const { detail: _, ...envelope } = event as { detail?: unknown };
  return envelope;
};

const VARIABLES: Readonly<Record<string, Variable>> = {
  'aws.events.event': { json: ({ event }) => JSON.stringify(withoutDetail(event)), unquotedOnly: true },
  'aws.events.event.json': { json: ({ event }) => JSON.stringify(event), unquotedOnly: true },
  'aws.events.event.ingestion-time': { json: text(({ ingestionTime }) => ingestionTime) },
  'aws.events.rule-arn': { json: text(({ ruleArn }) => ruleArn) },
  'aws.events.rule-name': { json: text(({ ruleName }) => ruleName) },
};

/** EventBridge refuses longer templates. */
const MAX_TEMPLATE_CHARACTERS = 8_192;

/** A piece of the template: text as it stands, or a variable, inside or outside of a JSON string. */
type Piece = string | { readonly variable: Variable; readonly quoted: boolean };

/** Whether a JSON text that ends here has an open string. */
const endsInsideString = (json: string): boolean => (json.replace(/\\./gs, '').match(/"/g)?.length ?? 0) % 2 === 1;

function variableAt(name: string, quoted: boolean): Piece {
  const variable = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  if (variable === undefined)
    throw new UnsupportedTemplateError(`input template: the variable <${name}> is not imitated`);
  if (quoted && variable.unquotedOnly) {
    throw new UnsupportedTemplateError(`input template: <${name}> must be the value of a field, without quotes`);
  }
  return { variable, quoted };
}

function cut(template: string): readonly Piece[] {
  let before = '';
  return template.split(/<([^<>]*)>/).map((part, index) => {
    if (index % 2 === 1) return variableAt(part, endsInsideString(before));
    before += part;
    return part;
  });
}

const write = (piece: Piece, input: TransformInput): string => {
  if (typeof piece === 'string') return piece;
  const json = piece.variable.json(input);
  return piece.quoted ? json.slice(1, -1) : json;
};

const SAMPLE: TransformInput = { event: {}, ingestionTime: '2026-01-01T00:00:00Z', ruleName: 'r', ruleArn: 'arn' };

/**
 * Makes a target's input transformation from its template. Only EventBridge's predefined variables are imitated; a
 * template that uses others, or that does not give JSON, is refused when it is read and not when an event comes.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function createTransform(template: string): Transform {
  if (template.length > MAX_TEMPLATE_CHARACTERS) {
    throw new UnsupportedTemplateError(`input template: longer than ${MAX_TEMPLATE_CHARACTERS} characters`);
  }
  const pieces = cut(template);
  const transform: Transform = (input) => pieces.map((piece) => write(piece, input)).join('');
  try {
    JSON.parse(transform(SAMPLE));
  } catch (cause) {
    throw new UnsupportedTemplateError('input template: does not give JSON', { cause });
  }
  return transform;
}
