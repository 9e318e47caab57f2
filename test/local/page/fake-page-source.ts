import type {
  NotifiedEvent,
  PipelineChange,
  PipelineState,
  PostedMessage,
  SlackFault,
} from '../../../local/monitor/pipeline-state.ts';
import type { PageChannel, PageSource } from '../../../local/page/page-source.ts';
import { classifyCall } from '../../../shared/call/classify-call.ts';
import type { CompiledRule } from '../../../shared/eventbridge/rule.ts';
import type { SlackMessage } from '../../../shared/slack/message.ts';
import { anApiCallEvent, anEvent } from '../../builders.ts';

export const aRule = (changes: Partial<CompiledRule> = {}): CompiledRule => ({
  name: 'changes',
  channel: 'ops',
  delivery: 'immediate',
  state: 'ENABLED',
  pattern: {
    source: ['aws.mediaconnect'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: { eventSource: ['mediaconnect.amazonaws.com'], readOnly: [false] },
  },
  ...changes,
});

export const aPayload = (headline: string, color = '#e01e5a'): SlackMessage => ({
  text: headline,
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `:red_circle: *${headline}*` } }],
  attachments: [
    {
      color,
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '*When*  <!date^1795377600^{date_short} {time_secs}|22 Nov 2026 20:00:00 UTC>',
          },
        },
      ],
    },
  ],
  unfurl_links: false,
  unfurl_media: false,
});

export const aNotifiedEvent = (
  changes: Partial<NotifiedEvent> = {},
  detail: Record<string, unknown> = {},
): NotifiedEvent => {
  const event = anApiCallEvent({ detail });
  return {
    eventId: String(event.detail.eventID),
    result: 'posted',
    reason: undefined,
    rule: aRule(),
    call: classifyCall(event.detail),
    event: anEvent({ detail }),
    ...changes,
  };
};

export const IDLE: PipelineState = {
  received: 0,
  ownEvents: 0,
  unmatched: 0,
  queues: [
    { name: 'immediate', waiting: 0, inFlight: 0, held: 0 },
    { name: 'digest', waiting: 0, inFlight: 0, held: 0 },
  ],
  posted: 0,
  folded: 0,
  repeated: 0,
  messages: 0,
  refusals: 0,
  deadLettered: 0,
  deadLetters: [],
  slackFault: 'ok',
};

/** A pipeline that does what a test tells it, and keeps what the page asked of it. */
export class FakePageSource implements PageSource {
  readonly asked: string[] = [];
  readonly #listeners = new Set<(change: PipelineChange) => void>();
  readonly #messages = new Map<string, PostedMessage>();
  readonly #channels: readonly PageChannel[];
  #state = IDLE;

  constructor(
    channels: readonly PageChannel[] = [
      { name: 'ops', rules: [aRule()] },
      { name: 'reads', rules: [aRule({ name: 'console-reads', channel: 'reads', delivery: 'digest' })] },
    ],
  ) {
    this.#channels = channels;
  }

  channels(): readonly PageChannel[] {
    return this.#channels;
  }

  messages(): readonly PostedMessage[] {
    return [...this.#messages.values()];
  }

  state(): PipelineState {
    return this.#state;
  }

  subscribe(listener: (change: PipelineChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  async sendSample(): Promise<string> {
    this.asked.push('sample');
    return 'StopFlow of AwardsShow';
  }

  async sendBurst(): Promise<string> {
    this.asked.push('burst');
    return 'a Terraform run of 60 calls';
  }

  async tryNow(): Promise<string> {
    this.asked.push('try now');
    return '3 calls';
  }

  setSlackFault(slackFault: SlackFault): void {
    this.asked.push(`fault ${slackFault}`);
    this.become({ slackFault });
  }

  /** Posts a message, or changes one that has the same id. */
  post(message: Partial<PostedMessage> & { readonly id: string }): void {
    const whole: PostedMessage = {
      channel: 'ops',
      postedAtMs: Date.UTC(2026, 10, 22, 20, 0, 0),
      payload: aPayload(`message ${message.id}`),
      events: [aNotifiedEvent()],
      ...message,
    };
    this.#messages.set(whole.id, whole);
    this.#notify({ kind: 'message', message: whole });
  }

  become(changes: Partial<PipelineState>): void {
    this.#state = { ...this.#state, ...changes };
    this.#notify({ kind: 'state' });
  }

  #notify(change: PipelineChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
