import { collectLeaves, fieldTree } from '../../shared/event-pattern/field-tree.ts';
import type { Envelope } from '../input/input-item.ts';
import { type DeployedRule, deployRule, isToldBy } from '../rules/deployed-rule.ts';
import type { ScanRequest } from './file-scan.ts';

/** For each rule set, the indices of the rules that tell an event. */
export type Matching = readonly (readonly number[])[];
export type MatchRules = (envelope: Envelope) => Matching;

/** What decides a rule's state, whatever its pattern asks. */
const STATE_PATHS = ['readOnly', 'eventName', 'managementEvent', 'eventCategory'].map((name) => `detail.${name}`);
const MOST_REMEMBERED = 20_000;

const pathsOf = ({ compiled }: DeployedRule): readonly string[] =>
  compiled.alternatives.flatMap((fields) => fields.map(({ path }) => path));

/** Two events with one key are the same to every rule; `undefined` where values of lists make that hard to say. */
function createKeyOf(rules: readonly DeployedRule[]): (envelope: Envelope) => string | undefined {
  const paths = [...new Set([...STATE_PATHS, 'detail-type', ...rules.flatMap(pathsOf)])];
  const tree = fieldTree(paths);
  return (envelope) => {
    const leaves = collectLeaves(tree, envelope);
    const ofSlots = paths.map((_, slot) => leaves[slot] ?? []);
    if (ofSlots.some((found) => found.length > 1 || found[0]?.membership !== undefined)) return undefined;
    return JSON.stringify(ofSlots.map(([leaf]) => (leaf === undefined ? [] : leaf.value)));
  };
}

/**
 * Asks the rules of every set, each as EventBridge would. Calls repeat: those that agree in every field that any
 * rule looks at are asked about once.
 */
export function createMatchRules(ruleSets: ScanRequest['ruleSets']): MatchRules {
  const deployed = ruleSets.map((rules) => rules.map(deployRule));
  const keyOf = createKeyOf(deployed.flat());
  const ask = (envelope: Envelope): Matching =>
    deployed.map((rules) => rules.flatMap((rule, index) => (isToldBy(rule, envelope) ? [index] : [])));
  let known = new Map<string, Matching>();

  return (envelope) => {
    const key = keyOf(envelope);
    if (key === undefined) return ask(envelope);
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= MOST_REMEMBERED) known = new Map();
    const matching = ask(envelope);
    known.set(key, matching);
    return matching;
  };
}
