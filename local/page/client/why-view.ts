import type { Condition, EventDetails } from '../page-protocol.ts';
import { element } from './element.ts';
import { jsonView } from './json-view.ts';

const asText = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** Alternatives one by one, as they read better than a JSON array. */
const wantedText = (wanted: readonly unknown[]): string => wanted.map((item) => JSON.stringify(item)).join(' or ');

const othersText = (others: number): string =>
  others === 0 ? '' : ` or ${others} ${others === 1 ? 'other' : 'others'}`;

function facts(entries: readonly (readonly [string, string | undefined])[]): HTMLElement {
  const list = element('dl', { class: 'facts' });
  for (const [label, value] of entries) {
    if (value !== undefined) list.append(element('div', {}, element('dt', {}, label), element('dd', {}, value)));
  }
  return list;
}

/** Code that may break after its signs, where readers expect it. */
function dottedCode(text: string): HTMLElement {
  const code = element('code');
  for (const piece of text.split(/(?<=[.,:[{])/)) code.append(piece, element('wbr'));
  return code;
}

function conditionRow({ path, wanted, others, found, holds }: Condition): HTMLTableRowElement {
  const mark = element('span', { class: 'mark', 'aria-hidden': 'true' }, holds ? '✓' : '–');
  const words = element('span', { class: 'visually-hidden' }, holds ? 'holds' : 'does not hold, another branch does');
  return element(
    'tr',
    { class: holds ? 'holds' : 'holds-not' },
    element('td', {}, mark, words),
    element('th', { scope: 'row' }, dottedCode(path)),
    element('td', { 'data-label': 'wants' }, dottedCode(wantedText(wanted)), othersText(others)),
    element('td', { 'data-label': 'has' }, dottedCode(asText(found))),
  );
}

function conditionTable(conditions: readonly Condition[]): HTMLElement {
  const head = ['', 'Field', 'The rule wants', 'The event has'].map((title) =>
    title === '' ? element('td') : element('th', { scope: 'col' }, title),
  );
  const table = element('table', { class: 'conditions' });
  table.append(element('thead', {}, element('tr', {}, ...head)));
  table.append(element('tbody', {}, ...conditions.map(conditionRow)));
  return element('div', { class: 'table-scroller', tabindex: 0, role: 'region', 'aria-label': 'Conditions' }, table);
}

const DELIVERY_WORDS: Readonly<Record<string, string>> = {
  immediate: 'at once',
  digest: 'in a digest',
};

function ruleSection({ rule, conditions }: EventDetails): HTMLElement[] {
  if (rule === undefined) return [element('p', {}, 'The rule that matched is not deployed any more.')];
  const sentence = element('p', { class: 'sentence' });
  sentence.append(
    'The rule ',
    element('strong', {}, rule.name),
    ` reports #${rule.channel} ${DELIVERY_WORDS[rule.delivery] ?? rule.delivery} of such calls.`,
  );
  const pattern = element(
    'details',
    {},
    element('summary', {}, 'Event pattern of the rule'),
    jsonView(rule.pattern, 'event pattern'),
  );
  return [sentence, facts([['State', rule.state]]), conditionTable(conditions), pattern];
}

function callSection({ call, result, reason }: EventDetails): HTMLElement {
  return facts([
    ['Operation', call?.operation],
    ['Resource', call?.resource],
    ['Access', call?.access],
    ['Outcome', call?.outcome],
    ['Impact', call?.impact],
    ['Contradiction', call?.contradictedBy && 'CloudTrail’s readOnly says otherwise than the table'],
    ['Notified', result === 'folded' ? 'in a message with other calls' : 'in a message of its own'],
    ['Reason', reason],
  ]);
}

/** Answers "why was this reported?": the rule, its conditions beside what the event has, and the classification. */
export function whyView(details: EventDetails): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(
    element('h3', {}, 'The rule'),
    ...ruleSection(details),
    element('h3', {}, 'The call'),
    callSection(details),
  );
  return fragment;
}
