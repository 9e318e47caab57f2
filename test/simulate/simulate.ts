import { parseArgs } from 'node:util';
import { reportText } from './report.ts';
import { type SimulationResult, simulate } from './simulation.ts';

const USAGE = `npm run simulate -- [--seed 1] [--days 1] [--seeds 1] [--json] [--trace]

Runs the real functions in virtual time, against queues, a table and a Slack of which everything fails, and checks every
promise at every step. The same seed gives the same run. --seeds: so many seeds one after another, from --seed on;
--trace: everything that happens at the functions' edges and what they log, on stderr.
Exit code: 0 if every promise held, 1 if one did not, 2 for a mistake in the options.`;

/** A whole number of an option. */
function numberOf(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`--${name} ${text}: a whole number from ${least}`);
  }
  return value;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      days: { type: 'string', default: '1' },
      seeds: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    seed: numberOf('seed', values.seed, 0),
    days: numberOf('days', values.days, 1),
    seeds: numberOf('seeds', values.seeds, 1),
    isJson: values.json,
    isTrace: values.trace,
    isHelp: values.help,
  };
}

const { stdout, stderr } = process;

async function run(seed: number, { days, isTrace }: ReturnType<typeof readOptions>): Promise<SimulationResult> {
  const result = await simulate({
    seed,
    days,
    onEvent: isTrace ? (line) => stderr.write(`${line}\n`) : undefined,
    onDay: stderr.isTTY && !isTrace ? (day) => stderr.write(`\r\x1b[Kseed ${seed}, day ${day} of ${days}`) : undefined,
  });
  if (stderr.isTTY && !isTrace) stderr.write('\r\x1b[K');
  return result;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options.isHelp) {
    stdout.write(`${USAGE}\n`);
    return 0;
  }
  let isBroken = false;
  for (let seed = options.seed; seed < options.seed + options.seeds; seed += 1) {
    const result = await run(seed, options);
    isBroken ||= result.violations.length > 0;
    stdout.write(options.isJson ? `${JSON.stringify(result)}\n` : `${reportText(result)}\n`);
  }
  return isBroken ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 1;
}
