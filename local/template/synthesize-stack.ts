import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A synthesized cloud assembly: the template of one stack and the folder its assets lie in. */
export interface SynthesizedStack {
  readonly stackName: string;
  readonly region: string;
  readonly template: unknown;
  readonly assemblyDir: string;
}

const PROJECT = join(import.meta.dirname, '..', '..');
/** Under `node_modules`, so that the bundles find the AWS SDK, which Lambda has and a bundle has not. */
const CACHE = join(PROJECT, 'node_modules', '.cache', 'mediaconnect-notifier');
/** What the template and the bundles are made of. */
const SOURCES = ['infra', 'functions', 'shared', 'package-lock.json'];

const filesOf = (source: string): readonly string[] => {
  if (!existsSync(join(PROJECT, source)) || source.endsWith('.json')) return [source];
  return readdirSync(join(PROJECT, source), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(PROJECT.length + 1))
    .sort();
};

function digestOf(context: Readonly<Record<string, unknown>>): string {
  const hash = createHash('sha256').update(JSON.stringify(context));
  for (const file of SOURCES.flatMap(filesOf)) hash.update(file).update(readFileSync(join(PROJECT, file)));
  return hash.digest('hex').slice(0, 32);
}

async function synthesizeInto(outdir: string, context: Readonly<Record<string, unknown>>): Promise<void> {
  // aws-cdk-lib takes seconds to load, and is not needed when nothing has changed.
  const { createApp } = await import('../../infra/create-app.ts');
  createApp(context, { outdir }).synth();
}

/** The assembly of these sources and settings; made only once. */
async function assemblyOf(context: Readonly<Record<string, unknown>>): Promise<string> {
  const assemblyDir = join(CACHE, digestOf(context));
  if (existsSync(assemblyDir)) return assemblyDir;
  mkdirSync(CACHE, { recursive: true });
  // Moved into place when it is whole: another start may be looking, or making the same.
  const unfinished = join(CACHE, `unfinished-${randomUUID()}`);
  try {
    await synthesizeInto(unfinished, context);
    renameSync(unfinished, assemblyDir);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(assemblyDir)) throw error;
  }
  return assemblyDir;
}

const STACK_NAME = 'MediaConnectNotifier-';

/**
 * Synthesizes the real stack with these context values and gives the template of its first region: every region is
 * the same stack again.
 *
 * @throws ContextError when the context values hold mistakes.
 */
export async function synthesizeStack(context: Readonly<Record<string, unknown>>): Promise<SynthesizedStack> {
  const assemblyDir = await assemblyOf(context);
  const manifest = JSON.parse(readFileSync(join(assemblyDir, 'manifest.json'), 'utf8')) as {
    readonly artifacts: Readonly<
      Record<
        string,
        {
          readonly type: string;
          readonly displayName?: string;
          readonly properties?: { readonly templateFile?: string };
        }
      >
    >;
  };
  const stacks = Object.entries(manifest.artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const [stackName, stack] = stacks[0] ?? [];
  if (stackName === undefined || stack?.properties?.templateFile === undefined) {
    throw new Error(`the cloud assembly in ${assemblyDir} holds no stack`);
  }
  return {
    stackName,
    region: stackName.slice(STACK_NAME.length),
    template: JSON.parse(readFileSync(join(assemblyDir, stack.properties.templateFile), 'utf8')),
    assemblyDir,
  };
}
