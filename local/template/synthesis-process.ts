import process from 'node:process';
import { createApp } from '../../infra/create-app.ts';
import { ContextError } from '../../infra/settings/user-error.ts';

/** What the process that was asked for a synthesis answers, once. */
export type SynthesisAnswer =
  | { readonly kind: 'made' }
  | { readonly kind: 'mistakes'; readonly lines: readonly string[] }
  | { readonly kind: 'broken'; readonly stack: string };

function synthesize(outdir: string, context: Readonly<Record<string, unknown>>): SynthesisAnswer {
  try {
    createApp(context, { outdir }).synth();
    return { kind: 'made' };
  } catch (error) {
    if (error instanceof ContextError) return { kind: 'mistakes', lines: error.lines };
    return { kind: 'broken', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.once('message', ({ outdir, context }: { outdir: string; context: Readonly<Record<string, unknown>> }) => {
  process.send?.(synthesize(outdir, context), () => process.disconnect());
});
