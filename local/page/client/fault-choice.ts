import { SLACK_FAULTS, type SlackFault } from '../../monitor/pipeline-state.ts';
import type { FaultRequest } from '../page-protocol.ts';
import { element } from './element.ts';

/** Asks the pipeline for a fault, and says whether it took it. */
type Ask = (request: FaultRequest) => Promise<'done' | 'not done'>;

/**
 * What Slack shall answer, as one choice of several. The pipeline's word counts; while a choice is on its way there, what the
 * pipeline said before it must not undo what the hand just did.
 */
export class FaultChoice {
  readonly root = element('div', { class: 'segments' });
  readonly #inputs = new Map<SlackFault, HTMLInputElement>();
  readonly #ask: Ask;
  #known: SlackFault = 'ok';
  #onTheWay = 0;
  /** Choices are asked for one after another: two that overtake each other would leave the first in force. */
  #asked: Promise<void> = Promise.resolve();

  constructor(ask: Ask) {
    this.#ask = ask;
    this.root.append(...SLACK_FAULTS.map((fault) => this.#label(fault)));
    this.#draw();
  }

  /** Shows what the pipeline says is in force. */
  show(fault: SlackFault): void {
    this.#known = fault;
    if (this.#onTheWay === 0) this.#draw();
  }

  #label(fault: SlackFault): HTMLLabelElement {
    const input = element('input', { type: 'radio', name: 'fault', value: fault });
    input.addEventListener('change', () => this.#choose(fault));
    this.#inputs.set(fault, input);
    return element('label', {}, input, element('span', {}, fault));
  }

  #choose(fault: SlackFault): void {
    this.#onTheWay += 1;
    this.#asked = this.#asked.then(async () => {
      if ((await this.#ask({ fault })) === 'done') this.#known = fault;
      this.#onTheWay -= 1;
      if (this.#onTheWay === 0) this.#draw();
    });
  }

  #draw(): void {
    const input = this.#inputs.get(this.#known);
    if (input !== undefined) input.checked = true;
  }
}
