import { runBacktest } from '../../../cli/backtest/run-backtest.ts';
import { listInputFiles } from '../../../cli/input/list-files.ts';
import { compileRules } from '../../../infra/rules/compile-rule.ts';
import { readContext } from '../../../infra/settings/read-context.ts';

/** The backtest of a directory with the default rules: `directory`, threads. */
const [, , directory = '', threadsText = ''] = process.argv;
const { files } = await listInputFiles([directory]);
const settings = readContext({});
const ruleSets = [{ rules: compileRules(settings), settings }];

const startMs = performance.now();
const { records } = await runBacktest(files, { ruleSets, threads: Number(threadsText) });
const tookMs = performance.now() - startMs;
console.log(JSON.stringify({ tookMs, records, peakBytes: process.resourceUsage().maxRSS * 1024 }));
