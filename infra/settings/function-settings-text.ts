import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import type { DisplaySettings } from '../../shared/notification/notification.ts';
import { SIGNAL_RULE_NAME } from '../rules/signal-rule.ts';
import type { NotifierContext } from './context-schema.ts';
import { wantsSignals } from './signal-settings.ts';
import { ContextError } from './user-error.ts';

/** A function's environment holds 4 KB; the rest of it is ARNs, URLs and Powertools' settings. */
const ROOM_BYTES = 3000;

export interface FunctionSettingsText {
  /** JSON of `DisplaySettings`. */
  readonly display: string;
  /** JSON list of the channels that the rules name. */
  readonly channels: string;
}

/**
 * What of the admin's settings travels to the functions in their environment.
 *
 * @throws ContextError when it is more than Lambda takes; deploying would fail half-way otherwise.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export function functionSettingsText(
  { accountNames, names, channels, showParameters, outcomes, health }: NotifierContext,
  rules: readonly CompiledRule[],
): FunctionSettingsText {
  const display: DisplaySettings = {
    accountNames,
    ...(Object.keys(names).length > 0 && { names }),
    channels,
    showParameters,
    ...(wantsSignals({ outcomes, health }) && { signals: { outcomes, health } }),
  };
  // What MediaConnect says by itself is no call, and so is in no daily summary.
  const ofCalls = rules.filter(({ name }) => name !== SIGNAL_RULE_NAME);
  const text = {
    display: JSON.stringify(display),
    channels: JSON.stringify([...new Set(ofCalls.map(({ channel }) => channel))]),
  };
  const bytes = Buffer.byteLength(text.display + text.channels);
  if (bytes > ROOM_BYTES) {
    throw new ContextError([
      `notifier:accountNames, notifier:names, notifier:channels, notifier:showParameters: ${bytes} bytes of JSON together with the ` +
        `rules' channels; a function's environment has room for ${ROOM_BYTES}: give fewer or shorter names`,
    ]);
  }
  return text;
}
