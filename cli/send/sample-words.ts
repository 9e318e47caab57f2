import * as z from 'zod';
import { compileRules } from '../../infra/rules/compile-rule.ts';
import type { NotifierContext } from '../../infra/settings/context-schema.ts';
import { signalLevel, wantsSignals } from '../../infra/settings/signal-settings.ts';
import { UserError } from '../../infra/settings/user-error.ts';
import { deployRule } from '../../shared/eventbridge/rule.ts';
import { durationText } from '../../shared/outcome/outcome-words.ts';
import type { AwsClients, AwsSettings } from '../aws/clients.ts';
import { readDeployedStack } from '../aws/deployed-stack.ts';
import { ask } from '../aws/failure.ts';
import { explainServiceEvent, type ServiceEventExplanation } from '../explain/explain-service-event.ts';
import type { Envelope } from '../input/envelope.ts';

/** How much whoever receives the events says of MediaConnect's own. */
export type ReceiverLevels = Pick<NotifierContext, 'outcomes' | 'health'>;

const OFF: ReceiverLevels = { outcomes: { say: 'off' }, health: { say: 'off' } };

/** What of `DISPLAY_SETTINGS` matters here; without `signals` nothing is said. */
const ReceiverSchema = z.object({ signals: z.object({ outcomes: signalLevel, health: signalLevel }).optional() });

function levelsIn(displaySettings: string | undefined): ReceiverLevels | undefined {
  if (displaySettings === undefined) return undefined;
  const parsed = ReceiverSchema.safeParse(JSON.parse(displaySettings));
  return parsed.success ? (parsed.data.signals ?? OFF) : undefined;
}

/**
 * Asks the deployed notifier itself, since the context here may be another one: `npm start` changes it for its day.
 *
 * @returns `undefined` where that may not be seen, or is not offered
 */
export async function readReceiverLevels(
  clients: AwsClients,
  settings: AwsSettings,
  place: Parameters<typeof readDeployedStack>[2],
): Promise<ReceiverLevels | undefined> {
  try {
    const { outputs } = await readDeployedStack(clients, settings, place);
    const { Environment } = await ask('the notifier function', async () => {
      const { sdk, client } = await clients.lambda();
      return client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName: outputs.NotifierFunctionName }));
    });
    return levelsIn(Environment?.Variables?.DISPLAY_SETTINGS);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

export interface SampleWordsOptions {
  /** The context here; its levels are gone by where those of the receiver are not known. */
  readonly context: NotifierContext;
  readonly receiver: ReceiverLevels | undefined;
  /** Whether the made-up call is sent as well. */
  readonly withCall: boolean;
}

/** What an operator has to know of a sample that was sent. */
export type SampleWords =
  | { readonly kind: 'quiet' | 'later'; readonly text: string }
  /** It is there at once, alone or on the card of its call. */
  | { readonly kind: 'at once' };

const explained = (envelope: Envelope, context: NotifierContext): ServiceEventExplanation => {
  const explanation = explainServiceEvent(envelope, context, compileRules(context).map(deployRule));
  // Of what is off, explain says what would be said if it were on.
  return wantsSignals(context) ? explanation : { ...explanation, says: [] };
};

const isOfFlow = ({ reading }: ServiceEventExplanation): boolean =>
  reading.kind === 'signal' && reading.event.root.kind === 'flow';

const quiet = (text: string): SampleWords => ({ kind: 'quiet', text: `nothing will be posted of it${text}` });

/** Of a sample without a call of which nothing is posted: which value of `notifier:health` would have it posted. */
function quietAlone(envelope: Envelope, there: NotifierContext, where: string): SampleWords {
  const wanted = (['trouble', 'all'] as const).filter(
    (say) => explained(envelope, { ...there, health: { say } }).says.length > 0,
  );
  return wanted.length === 0
    ? quiet(' alone, whatever the context: it says what a call came to, or that a trouble is over')
    : quiet(` alone: notifier:health is ${there.health.say} ${where}; ${wanted.join(' or ')} would post it`);
}

/** Says whether anything is posted of a sample, and if not, which context value would have it posted. */
export function sampleWords(envelope: Envelope, { context, receiver, withCall }: SampleWordsOptions): SampleWords {
  const there: NotifierContext = { ...context, ...receiver };
  const where = receiver === undefined ? 'in the context here' : 'there';
  const explanation = explained(envelope, there);
  if (!explanation.isWanted) return quiet(', whatever the context: its kind is taken by no rule');
  const isOfCall = withCall && isOfFlow(explanation);
  if (isOfCall && there.outcomes.say !== 'off') return { kind: 'at once' };

  const [said] = explanation.says;
  if (said === undefined) {
    return isOfCall
      ? quiet(`: notifier:outcomes is off ${where}; trouble or all would post it`)
      : quietAlone(envelope, there, where);
  }
  if (said.afterSeconds === 0) return { kind: 'at once' };
  const after = durationText(said.afterSeconds * 1000);
  return { kind: 'later', text: `will be posted after ${after}, or with a call that touched it, if one turns up` };
}
