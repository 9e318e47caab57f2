import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

/** What the figures were measured on, without anything that tells whose machine it was. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
}

const PROJECT = join(import.meta.dirname, '../../..');
const PACKAGES = [
  'zod',
  'esbuild',
  '@aws-sdk/client-sqs',
  '@aws-lambda-powertools/tracer',
  '@slack/webhook',
  'fauxqs',
  'dynalite',
];

const LockSchema = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

export function describeMachine(): Machine {
  const { packages } = LockSchema.parse(JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')));
  const versionOf = (name: string): string => packages[`node_modules/${name}`]?.version ?? 'unknown';
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    packages: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  };
}
