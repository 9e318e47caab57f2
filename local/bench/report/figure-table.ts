import type { Figure } from '../benchmark.ts';
import type { Target } from '../target.ts';
import { markdownTable } from './markdown-table.ts';

function verdictOf(target: Target | undefined): string {
  if (target === undefined) return '';
  if (target.isMet) return '✅ met';
  return target.decides ? '❌ missed' : '⚠️ missed on this machine';
}

/** Each figure beside its floor, target and verdict, as Markdown. */
export const figureTable = (figures: readonly Figure[]): string =>
  markdownTable(
    ['what', 'measured', 'floor', 'target', 'verdict'],
    figures.map(({ what, value, floor, target }) => [what, value, floor ?? '', target?.words ?? '', verdictOf(target)]),
  );
