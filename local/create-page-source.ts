import type { CompiledRule } from '../shared/eventbridge/rule.ts';
import type { BusEvent } from './aws/event-bus.ts';
import type { PipelineChange } from './monitor/pipeline-state.ts';
import type { PageChannel, PageSource } from './page/page-source.ts';
import type { Pipeline } from './pipeline.ts';
import { type SampleCall, sampleEvent } from './sample-day/sample-call.ts';
import { CALLS, terraformBurst } from './sample-day/sample-calls.ts';

export interface PageSourceOptions {
  readonly rules: readonly CompiledRule[];
  readonly pipeline: Pick<Pipeline, 'messages' | 'state' | 'slack' | 'tryNow'>;
  readonly put: (event: BusEvent) => Promise<unknown>;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly subscribe: (listener: (change: PipelineChange) => void) => () => void;
}

const BURST_FLOWS = 20;

/** What the running pipeline offers the page. */
export function createPageSource(options: PageSourceOptions): PageSource {
  const { rules, pipeline, put, nowMs, newId, subscribe } = options;
  const channels: readonly PageChannel[] = [...Map.groupBy(rules, ({ channel }) => channel)].map(
    ([name, ofChannel]) => ({
      name,
      rules: ofChannel,
    }),
  );
  const samples: readonly SampleCall[] = Object.values(CALLS);
  let sent = 0;

  return {
    channels: () => channels,
    messages: pipeline.messages,
    state: pipeline.state,
    subscribe,
    async sendSample() {
      const call = samples[sent % samples.length] ?? CALLS.startMain;
      sent += 1;
      await put(sampleEvent(call, nowMs(), newId));
      return call.operation;
    },
    async sendBurst() {
      const calls = terraformBurst(BURST_FLOWS);
      for (const call of calls) await put(sampleEvent(call, nowMs(), newId));
      return `a Terraform run of ${calls.length} calls`;
    },
    setSlackFault: (fault) => pipeline.slack.set(fault),
    async tryNow() {
      const held = await pipeline.tryNow();
      return held === 1 ? '1 call' : `${held} calls`;
    },
  };
}
