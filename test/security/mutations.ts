import { parseArgs } from 'node:util';
import { type Finding, runEventMutations, runMutations } from './mutation-run.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '29000' }, seed: { type: 'string', default: '1' } },
});
const [runs, seed] = [Number(values.runs), Number(values.seed)];

function report(what: string, findings: readonly Finding[]): void {
  for (const finding of findings.slice(0, 20)) console.log(`mutation ${finding.number}: ${finding.what.slice(0, 600)}`);
  console.log(`seed ${seed}: ${runs} mutations of ${what}, ${findings.length} findings`);
  if (findings.length > 0) process.exitCode = 1;
}

const { findings, notified } = runMutations({ seed, runs });
report(`real events, ${notified} of them calls`, findings);
const ofEvents = runEventMutations({ seed, runs });
report(`MediaConnect's own events, ${ofEvents.read} of them read`, ofEvents.findings);
