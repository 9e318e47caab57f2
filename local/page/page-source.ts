import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import type { PipelineChange, PipelineState, PostedMessage, SlackFault } from '../monitor/pipeline-state.ts';

/** A channel that at least one rule speaks to, or that a message was posted to. */
export interface PageChannel {
  readonly name: string;
  /** The rules that speak here, as they are deployed. */
  readonly rules: readonly CompiledRule[];
}

/** What a running pipeline offers the page. All reads are of memory: cheap, and at once. */
export interface PageSource {
  /** In the order they are shown. A channel that only a message names is appended by the page. */
  channels(): readonly PageChannel[];
  /** Oldest first. */
  messages(): readonly PostedMessage[];
  state(): PipelineState;
  /** Calls back on each change until the function it gives back is called. */
  subscribe(listener: (change: PipelineChange) => void): () => void;
  /** Puts one believable call on the bus; returns in words what it was ("StopFlow of AwardsShow"). */
  sendSample(): Promise<string>;
  /** Puts many on the bus at once; returns in words what they were ("a Terraform run of 60 calls"). */
  sendBurst(): Promise<string>;
  setSlackFault(fault: SlackFault): void;
  /** Tries at once what is held; returns in words what that was ("3 calls"). */
  tryNow(): Promise<string>;
}
