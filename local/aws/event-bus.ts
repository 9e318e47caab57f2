import { plainJson } from '../../shared/call/json.ts';
import { isMatch, matchPattern } from '../../shared/eventbridge/match-pattern.ts';
import { suppressedByState } from '../../shared/eventbridge/rule.ts';
import { recordWithoutSecrets } from '../../shared/notification/shown-record.ts';
import type { BusRule, RuleTarget } from '../template/stack-model.ts';
import { AwsError } from './service.ts';
import type { QueueStore } from './sqs.ts';

export type BusEvent = Readonly<Record<string, unknown>>;

/** What one rule says of one event. */
export type Verdict =
  | { readonly rule: BusRule; readonly matched: true }
  | { readonly rule: BusRule; readonly matched: false; readonly reason: string };

/** Notified of each event before it is delivered, so that what comes of it can be waited for. */
export interface BusListener {
  taken(event: BusEvent, verdicts: readonly Verdict[]): void;
  /** Neither the target nor its dead-letter queue took the event: EventBridge drops it then. */
  dropped(event: BusEvent, rule: BusRule, reason: string): void;
}

export interface EventBus {
  readonly rules: readonly BusRule[];
  /** Puts an event to every rule, or to those of some ARNs, and what matches into the rules' targets. */
  publish(event: BusEvent, ruleArns?: ReadonlySet<string>): Promise<readonly Verdict[]>;
}

export interface EventBusOptions {
  readonly rules: readonly BusRule[];
  readonly queues: Pick<QueueStore, 'send'>;
  readonly nowMs: () => number;
  readonly listener: BusListener;
}

const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

function judge(rule: BusRule, event: BusEvent): Verdict {
  const held = suppressedByState(rule.state, event);
  if (held !== undefined) return { rule, matched: false, reason: held };
  if (isMatch(rule.pattern, event)) return { rule, matched: true };
  return {
    rule,
    matched: false,
    // Asked only where no rule matches, and to say it takes longer than to match.
    get reason() {
      const result = matchPattern(rule.pattern, event, () => recordWithoutSecrets(event));
      return result.matched ? '' : result.reason;
    },
  };
}

async function isTaken(sending: Promise<void>): Promise<boolean> {
  try {
    await sending;
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

/** The default event bus: rules, their states and targets as the template has them. */
export function createEventBus({ rules, queues, nowMs, listener }: EventBusOptions): EventBus {
  /**
   * A target that refuses gets no second try: on one machine it would refuse again. The attributes are EventBridge's.
   *
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
   */
  async function giveUp(event: BusEvent, rule: BusRule, target: RuleTarget, error: AwsError): Promise<void> {
    const attributes = {
      RULE_ARN: rule.arn,
      TARGET_ARN: target.arn,
      ERROR_CODE: error.code,
      ERROR_MESSAGE: error.message,
      RETRY_ATTEMPTS: '0',
    };
    const isKept =
      target.deadLetterArn !== undefined &&
      (await isTaken(queues.send(target.deadLetterArn, plainJson(JSON.stringify(event)), attributes)));
    if (!isKept) listener.dropped(event, rule, `${error.code}: ${error.message}`);
  }

  async function deliver(event: BusEvent, rule: BusRule, ingestionTime: string): Promise<void> {
    for (const target of rule.targets) {
      const body = plainJson(target.transform({ event, ingestionTime, ruleName: rule.name, ruleArn: rule.arn }));
      try {
        await queues.send(target.arn, body);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        await giveUp(event, rule, target, error);
      }
    }
  }

  return {
    rules,
    async publish(event, ruleArns) {
      const ingestionTime = isoSeconds(nowMs());
      const asked = ruleArns === undefined ? rules : rules.filter(({ arn }) => ruleArns.has(arn));
      const verdicts = asked.map((rule) => judge(rule, event));
      listener.taken(event, verdicts);
      for (const { rule, matched } of verdicts) if (matched) await deliver(event, rule, ingestionTime);
      return verdicts;
    },
  };
}
