import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchReport } from './bench-report.ts';
import { replaceMarked } from './marked-section.ts';
import { performancePage } from './performance-page.ts';
import { readmeTable } from './readme-table.ts';

function rewrite(path: string, name: string, content: string): void {
  if (!existsSync(path)) return;
  const text = readFileSync(path, 'utf8');
  const replaced = replaceMarked(text, name, content);
  if (replaced !== text) writeFileSync(path, replaced);
}

/** Writes the report of a whole run into the project's documents. */
export function writeReport(project: string, report: BenchReport): void {
  const docs = join(project, 'docs');
  mkdirSync(docs, { recursive: true });
  writeFileSync(join(docs, 'performance.md'), performancePage(report));
  rewrite(join(project, 'README.md'), 'performance', readmeTable(report));
  const cost = report.sections.find(({ name }) => name === 'cost')?.table;
  if (cost !== undefined) rewrite(join(docs, 'operations.md'), 'cost', cost);
}
