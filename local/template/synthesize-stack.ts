import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { ContextError } from '../../infra/settings/user-error.ts';
import { refuseTemplate } from './refused-template.ts';
import type { SynthesisAnswer } from './synthesis-process.ts';

/** A synthesized cloud assembly: the template of one stack and the folder its assets lie in. */
export interface SynthesizedStack {
  readonly stackName: string;
  readonly region: string;
  readonly template: unknown;
  readonly assemblyDir: string;
}

type Context = Readonly<Record<string, unknown>>;

const PROJECT = join(import.meta.dirname, '..', '..');
/** Under `node_modules`, so that the bundles find the AWS SDK, which Lambda has and a bundle has not. */
const CACHE = join(PROJECT, 'node_modules', '.cache', 'mediaconnect-notifier');
/** What the template and the bundles are made of. */
const SOURCES = ['infra', 'functions', 'shared', 'bundles', 'package-lock.json'];

const filesOf = (source: string): readonly string[] => {
  // The package has its bundles, and the sources of this project have what they are made of.
  if (!existsSync(join(PROJECT, source))) return [];
  if (source.endsWith('.json')) return [source];
  return readdirSync(join(PROJECT, source), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(PROJECT.length + 1))
    .sort();
};

function digestOf(context: Context): string {
  const hash = createHash('sha256').update(JSON.stringify(context));
  for (const file of SOURCES.flatMap(filesOf)) hash.update(file).update(readFileSync(join(PROJECT, file)));
  return hash.digest('hex').slice(0, 32);
}

/**
 * In a process of its own: aws-cdk-lib takes 400 MB for one synthesis, which this process would never give back.
 *
 * @throws ContextError when the context values hold mistakes.
 */
async function synthesizeInto(outdir: string, context: Context): Promise<void> {
  const child = fork(join(import.meta.dirname, `synthesis-process${extname(import.meta.filename)}`), {
    execArgv: [],
    // Ctrl-C is for this process, which then stops cleanly.
    detached: true,
  });
  // Comes behind every message, also when the process is killed.
  const ended = once(child, 'disconnect').then(
    (): SynthesisAnswer => ({ kind: 'broken', stack: 'the synthesis ended early' }),
  );
  child.send({ outdir, context });
  const answered = once(child, 'message').then(([answer]): SynthesisAnswer => answer);
  const answer = await Promise.race([answered, ended]);
  if (answer.kind === 'mistakes') throw new ContextError(answer.lines);
  if (answer.kind === 'broken') throw new Error(answer.stack);
}

const LOOK_EVERY_MS = 100;
/** A synthesis that takes longer was broken off, and left its claim behind. */
const CLAIM_MS = 120_000;
const KEPT_MS = 3 * 24 * 60 * 60_000;

/** Claims to be the one who makes it; `false` if somebody else, here or in another process, is at it. */
function claim(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch {
    if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > CLAIM_MS) {
      rmSync(path, { recursive: true, force: true });
    }
    return false;
  }
}

/** Assemblies of sources that have changed since are of no more use. */
function removeOld(): void {
  for (const { name } of readdirSync(CACHE, { withFileTypes: true })) {
    const path = join(CACHE, name);
    const ageMs = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (ageMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** Makes the assembly, and moves it into place when it is whole. */
async function makeAssembly(assemblyDir: string, claimed: string, context: Context): Promise<void> {
  const unfinished = join(claimed, 'assembly');
  try {
    await synthesizeInto(unfinished, context);
    renameSync(unfinished, assemblyDir);
    removeOld();
  } finally {
    rmSync(claimed, { recursive: true, force: true });
  }
}

/** The assembly of these sources and settings; made only once, also when several starts want it at a time. */
async function assemblyOf(context: Context): Promise<string> {
  const assemblyDir = join(CACHE, digestOf(context));
  const claimed = `${assemblyDir}.claimed`;
  mkdirSync(CACHE, { recursive: true });
  while (!existsSync(assemblyDir)) {
    if (claim(claimed)) await makeAssembly(assemblyDir, claimed, context);
    else await setTimeout(LOOK_EVERY_MS);
  }
  return assemblyDir;
}

const ManifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      /** `aws://account/region` */
      environment: z.string().optional(),
      properties: z.looseObject({ templateFile: z.string().optional() }).optional(),
    }),
  ),
});

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** The stacks of an assembly, in the order in which they are deployed. */
function stacksIn(assemblyDir: string): readonly SynthesizedStack[] {
  const { artifacts } = ManifestSchema.parse(readJson(join(assemblyDir, 'manifest.json')));
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([stackName, { environment = '', properties }]) => ({
      stackName,
      region: environment.slice(environment.lastIndexOf('/') + 1),
      template: readJson(join(assemblyDir, properties?.templateFile ?? `${stackName}.template.json`)),
      assemblyDir,
    }));
}

const TemplateSchema = z.object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) });

/** The stack of a region has a function; that of the trail has none. */
const hasFunctions = ({ template }: SynthesizedStack): boolean =>
  Object.values(TemplateSchema.parse(template).Resources).some(({ Type }) => Type === 'AWS::Lambda::Function');

/**
 * Synthesizes the real stacks with these context values and gives the template of the first region: every region is
 * the same stack again.
 *
 * @throws ContextError when the context values hold mistakes.
 * @throws RefusedTemplateError when CloudFormation would not take one of the templates.
 */
export async function synthesizeStack(context: Context): Promise<SynthesizedStack> {
  const assemblyDir = await assemblyOf(context);
  const stacks = stacksIn(assemblyDir);
  for (const { stackName, template } of stacks) refuseTemplate(stackName, template);
  const first = stacks.find(hasFunctions);
  if (first === undefined) throw new Error(`the cloud assembly in ${assemblyDir} holds no stack with functions`);
  return first;
}
