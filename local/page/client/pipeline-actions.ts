import type { SlackFault } from '../../monitor/pipeline-state.ts';
import { askServer } from './call-server.ts';
import { FaultChoice } from './fault-choice.ts';
import { part } from './part.ts';

const said = (): HTMLElement => part('said', HTMLElement);

/** Does what a button asks for, says how it went beside it, and returns whether it was done. */
async function act(path: string, body: object, words: (answer: string) => string): Promise<'done' | 'not done'> {
  try {
    said().textContent = words(await askServer(path, body));
    return 'done';
  } catch (error) {
    said().textContent = `Not done: ${error instanceof Error ? error.message : String(error)}`;
    return 'not done';
  }
}

function startButton(id: string, path: string, words = (answer: string) => `Sent ${answer}.`): () => Promise<void> {
  const button = part(id, HTMLButtonElement);
  const run = async (): Promise<void> => {
    button.setAttribute('aria-busy', 'true');
    await act(path, {}, words);
    button.removeAttribute('aria-busy');
  };
  button.addEventListener('click', run);
  return run;
}

const faultWords = (answer: string): string => (answer === 'ok' ? 'Slack takes messages.' : `Slack answers ${answer}.`);

export interface PipelineActions {
  readonly sendSample: () => Promise<void>;
  readonly sendBurst: () => Promise<void>;
  /** Shows which answer of Slack is in force. */
  readonly showFault: (fault: SlackFault) => void;
}

/** The buttons of the pipeline panel; returns what the keyboard shortcuts and the pipeline's state call. */
export function startActions(): PipelineActions {
  const choice = new FaultChoice((request) => act('/api/slack-fault', request, faultWords));
  part('faults', HTMLFieldSetElement).append(choice.root);
  startButton('try-now', '/api/try-now', (answer) => `Trying ${answer} now.`);
  return {
    sendSample: startButton('send-sample', '/api/sample'),
    sendBurst: startButton('send-burst', '/api/burst'),
    showFault: (fault) => choice.show(fault),
  };
}
