import type { FetchedResponse } from '../../functions/ports.ts';
import type { Input } from './aws-client.ts';
import type { SimulatedOutside } from './functions-under-test.ts';

type Send = (command: { input: Input }, options?: object) => Promise<Input>;

/** Changes to what passes between the functions and the world: a mistake of the functions, as the world sees it. */
export interface Plant {
  /** What is asked of AWS; `undefined` is not asked at all, and answered as if it had been. */
  readonly request?: (operation: string, input: Input) => Input | undefined;
  /** How much later than meant it is asked. */
  readonly delayMs?: (operation: string) => number;
  /** What the functions make of AWS's answer. */
  readonly answer?: (operation: string, output: Input) => Input;
  /** Posts in their own way. */
  readonly post?: (
    outside: SimulatedOutside,
    post: (body?: string) => Promise<FetchedResponse>,
    body: string,
  ) => Promise<FetchedResponse>;
  /** How long they wait when they mean to wait so long. */
  readonly wait?: (ms: number) => number;
}

const operationOf = (command: object): string => command.constructor.name.replace(/Command$/, '');

/** The world, with a mistake before it. */
export function plant(outside: SimulatedOutside, { request, delayMs, answer, post, wait }: Plant): SimulatedOutside {
  return {
    ...outside,
    wait: (ms) => outside.wait(wait?.(ms) ?? ms),
    fetch: (url, init) => {
      const body = String(init?.body);
      const usual = (changed = body): Promise<FetchedResponse> => outside.fetch(url, { ...init, body: changed });
      return post?.(outside, usual, body) ?? usual();
    },
    captureClient(client) {
      const captured = outside.captureClient(client);
      const { send } = captured as unknown as { send: Send };
      const planted: Send = async (command, options) => {
        const operation = operationOf(command);
        const input = request === undefined ? command.input : request(operation, command.input);
        if (input === undefined) return {};
        command.input = input;
        if (delayMs !== undefined) await outside.wait(delayMs(operation));
        const output = await send(command, options);
        return answer?.(operation, output) ?? output;
      };
      return Object.assign(captured, { send: planted });
    },
  };
}
