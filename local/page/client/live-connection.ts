import type { LiveEvents } from '../page-protocol.ts';

export type ConnectionState = 'connecting' | 'live' | 'lost';

export interface LiveConnectionOptions {
  /** Where to connect, with what the page already has. */
  readonly address: () => string;
  readonly onState: (state: ConnectionState) => void;
  readonly on: { readonly [Name in keyof LiveEvents]: (event: LiveEvents[Name]) => void };
}

const WAITS_MS = [500, 1000, 2000, 4000];

/**
 * Keeps a stream of server-sent events open. Reconnects by itself rather than by `EventSource`'s own means, which
 * differ between browsers when the server is gone, so that the page can say what is going on and ask for what it missed.
 */
export class LiveConnection {
  readonly #options: LiveConnectionOptions;
  #source: EventSource | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(options: LiveConnectionOptions) {
    this.#options = options;
  }

  connect(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    const source = new EventSource(this.#options.address());
    this.#source = source;
    for (const [name, hear] of Object.entries(this.#options.on)) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        (hear as (event: unknown) => void)(JSON.parse(data));
      });
    }
    source.addEventListener('open', () => {
      this.#failures = 0;
      this.#options.onState('live');
    });
    source.addEventListener('error', () => this.#lost(source));
  }

  #lost(source: EventSource): void {
    source.close();
    if (source !== this.#source) return;
    this.#options.onState('lost');
    const wait = WAITS_MS[Math.min(this.#failures, WAITS_MS.length - 1)];
    this.#failures += 1;
    this.#retry = setTimeout(() => this.connect(), wait);
  }
}
