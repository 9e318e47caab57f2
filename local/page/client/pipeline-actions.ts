import type { FaultRequest } from '../page-protocol.ts';
import { SLACK_FAULTS, type SlackFault } from '../page-source.ts';
import { askServer } from './call-server.ts';
import { element } from './element.ts';
import { part } from './part.ts';

const said = (): HTMLElement => part('said', HTMLElement);

/** Does what a button asks for, and says how it went beside it. */
async function act(path: string, body: object, words: (answer: string) => string): Promise<void> {
  try {
    said().textContent = words(await askServer(path, body));
  } catch (error) {
    said().textContent = `Not done: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function startButton(id: string, path: string): () => Promise<void> {
  const button = part(id, HTMLButtonElement);
  const run = async (): Promise<void> => {
    button.setAttribute('aria-busy', 'true');
    await act(path, {}, (answer) => `Sent ${answer}.`);
    button.removeAttribute('aria-busy');
  };
  button.addEventListener('click', run);
  return run;
}

function faultChoice(fault: SlackFault): HTMLLabelElement {
  const input = element('input', { type: 'radio', name: 'fault', value: fault, checked: fault === 'ok' });
  input.addEventListener('change', () => {
    const request = { fault } satisfies FaultRequest;
    act('/api/slack-fault', request, (answer) =>
      answer === 'ok' ? 'Slack takes messages.' : `Slack answers ${answer}.`,
    );
  });
  return element('label', {}, input, element('span', {}, fault));
}

/** The buttons of the pipeline panel; gives back what the keyboard shortcuts call. */
export function startActions(): { readonly sendSample: () => Promise<void>; readonly sendBurst: () => Promise<void> } {
  part('faults', HTMLFieldSetElement).append(element('div', { class: 'segments' }, ...SLACK_FAULTS.map(faultChoice)));
  return { sendSample: startButton('send-sample', '/api/sample'), sendBurst: startButton('send-burst', '/api/burst') };
}
