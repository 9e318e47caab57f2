import { element } from './element.ts';

/** A key with its colon, a string, a number, or a word, in JSON that `JSON.stringify` made. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|(true|false|null)/g;

function tokenClass([, text, colon, number]: RegExpExecArray): string {
  if (text !== undefined) return colon === undefined ? 'json-string' : 'json-key';
  return number === undefined ? 'json-word' : 'json-number';
}

/** JSON in colours. */
function colouredJson(json: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  let at = 0;
  for (const match of json.matchAll(TOKEN)) {
    fragment.append(json.slice(at, match.index), element('span', { class: tokenClass(match) }, match[1] ?? match[0]));
    if (match[2] !== undefined) fragment.append(match[2]);
    at = match.index + match[0].length;
  }
  fragment.append(json.slice(at));
  return fragment;
}

const COPY = 'Copy';

function copyButton(text: string, what: string): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'button small copy', 'aria-live': 'polite' }, COPY);
  button.append(element('span', { class: 'visually-hidden' }, ` ${what}`));
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    const [words] = button.childNodes;
    if (words === undefined) return;
    words.textContent = 'Copied';
    button.addEventListener(
      'blur',
      () => {
        words.textContent = COPY;
      },
      { once: true },
    );
  });
  return button;
}

/** Any value as JSON, to be read and copied. `what` names it for those who do not see it. */
export function jsonView(value: unknown, what: string): HTMLElement {
  const json = JSON.stringify(value, undefined, 2);
  const pre = element('pre', { tabindex: 0, role: 'region', 'aria-label': what });
  pre.append(colouredJson(json));
  return element('div', { class: 'json' }, copyButton(json, what), pre);
}
