import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { ContextError } from '../../../infra/settings/user-error.ts';
import { synthesizeStack } from '../../../local/template/synthesize-stack.ts';

const MODULE = pathToFileURL(join(import.meta.dirname, '../../../local/template/synthesize-stack.ts')).href;

/** The most memory that a process ever had, in MB, that synthesizes settings which nobody has synthesized. */
function peakOfFreshSynthesis(): number {
  // Not one of ours, so that no rule cares; but of other settings there is no assembly yet.
  const context = JSON.stringify({ 'test:fresh': `${process.pid}-${Date.now()}` });
  const script = `
    const { synthesizeStack } = await import(${JSON.stringify(MODULE)});
    await synthesizeStack(${context});
    // On Linux the usage of a process begins with that of the one that started it; its own memory does not.
    const { readFileSync, existsSync } = await import('node:fs');
    const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
    const own = /VmHWM:\\s+(\\d+) kB/.exec(status)?.[1];
    console.log((own === undefined ? process.resourceUsage().maxRSS : Number(own)) / 1024);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }));
}

it('leaves the pipeline its memory: a synthesis takes that of another process', () => {
  expect(peakOfFreshSynthesis()).toBeLessThan(250);
});

it('says the mistakes of a context as it would say them itself', async () => {
  const wrong = synthesizeStack({ 'notifier:digestMinutes': 0 });
  await expect(wrong).rejects.toBeInstanceOf(ContextError);
  await expect(wrong).rejects.toMatchObject({
    lines: ['notifier:digestMinutes: 0 is not allowed; allowed: a whole number of minutes from 1 to 1440'],
  });
});
