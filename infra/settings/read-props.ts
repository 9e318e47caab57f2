import { DEFAULT_NOTIFIER } from '../../shared/eventbridge/rule.ts';
import { ContextSchema, type NotifierContext } from './context-schema.ts';
import { contextWarnings, deployable, parseSettings } from './read-context.ts';
import { warningOfRegion } from './regions.ts';
import { rulesOfOtherRegions } from './rule-checks.ts';
import { strict, textLike } from './schema-parts.ts';
import { ContextError } from './user-error.ts';

/** Where a stack is, and whether it has a trail, is said by whoever makes the stack. */
const { regions: _regions, createTrail: _createTrail, ...SHARED } = ContextSchema.shape;

/** EventBridge takes 64 characters for the name of a rule, and a rule of ours may have 43 and a hyphen. */
const NOTIFIER_NAME = /^[A-Za-z][A-Za-z0-9]{0,19}$/;

/** The settings among the construct's props: those of the context, and its name. */
const PropsSchema = strict(
  {
    ...SHARED,
    name: textLike('a name of up to 20 letters and digits, the first a letter', (text) =>
      NOTIFIER_NAME.test(text),
    ).default(DEFAULT_NOTIFIER),
  },
  'props',
);

/** The keys of the settings among the construct's props. */
export const PROP_KEYS: readonly string[] = Object.keys(PropsSchema.shape);

const CONTEXT_KEY = new RegExp(`^notifier:|notifier:(?=(?:${Object.keys(ContextSchema.shape).join('|')})\\b)`, 'g');

/** A line about a context value as one about a prop. */
const ofProp = (line: string): string => line.replace(CONTEXT_KEY, '');

/** The settings of a construct, and what is deployed all the same and most likely not meant. */
export interface ReadProps {
  readonly name: string;
  readonly context: NotifierContext;
  readonly warnings: readonly string[];
}

/**
 * Reads the construct's settings by the schema of the context values.
 *
 * @param region of its stack; `undefined` if that is known only when it is deployed
 * @throws ContextError with a line for each mistake, all at once; each begins with the prop.
 */
export function readProps(values: Readonly<Record<string, unknown>>, region: string | undefined): ReadProps {
  const regions = region === undefined ? [] : [region];
  try {
    const { name, ...settings } = parseSettings(
      PropsSchema,
      Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
    );
    const context = deployable({ ...settings, regions, createTrail: false });
    const lines = [
      ...contextWarnings(context),
      // The same rules may stand in several regions, so this is no mistake.
      ...(region === undefined ? [] : rulesOfOtherRegions(context)),
    ].map(ofProp);
    const ofRegion = region === undefined ? undefined : warningOfRegion(region)?.replace('notifier:regions', 'region');
    return { name, context, warnings: ofRegion === undefined ? lines : [ofRegion, ...lines] };
  } catch (error) {
    if (!(error instanceof ContextError)) throw error;
    throw new ContextError(error.lines.map(ofProp));
  }
}
