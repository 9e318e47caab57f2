import type { RuleSettings } from './rule-schema.ts';

const immediately = { channel: 'default', delivery: 'immediate', enabled: true } as const;

/** The rules of an admin who gives none: changes and denied calls at once, other reads in the digest. */
export const DEFAULT_RULES: Record<string, RuleSettings> = {
  changes: { ...immediately, access: 'mutating' },
  'denied-reads': { ...immediately, access: 'read-only', outcome: ['denied'] },
  reads: { ...immediately, access: 'read-only', outcome: ['succeeded', 'failed'], delivery: 'digest' },
};
