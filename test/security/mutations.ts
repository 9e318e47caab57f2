import { parseArgs } from 'node:util';
import { runMutations } from './mutation-run.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '29000' }, seed: { type: 'string', default: '1' } },
});
const [runs, seed] = [Number(values.runs), Number(values.seed)];

const { findings, notified } = runMutations({ seed, runs });
for (const { number, what } of findings.slice(0, 20)) console.log(`mutation ${number}: ${what.slice(0, 600)}`);
console.log(`seed ${seed}: ${runs} mutations, ${notified} of them calls, ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;
