import { statedFlag } from '../../shared/stated-flag.ts';

/**
 * What `cdk -c key=value` gives for a value that `cdk.json` has as JSON: only text. Text that cannot be taken is left
 * as it is, for the schema to refuse.
 */
type Take = (value: unknown) => unknown;

const ofText =
  (take: (text: string) => unknown): Take =>
  (value) =>
    typeof value === 'string' ? take(value.trim()) : value;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const takeObject: Take = ofText(json);

/** JSON, or names with commas between them. */
export const takeList: Take = ofText((text) =>
  text.startsWith('[') ? json(text) : text.split(/\s*,\s*/).filter(Boolean),
);

export const takeNumber: Take = ofText((text) => (/^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text));

export const takeFlag: Take = ofText((text) => statedFlag(text) ?? text);
