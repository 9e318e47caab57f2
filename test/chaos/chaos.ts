import { parseArgs } from 'node:util';
import { chaosText, progressLine } from './chaos-text.ts';
import { runChaos } from './run-chaos.ts';
import { isGuaranteed } from './verify.ts';

const USAGE = `npm run chaos -- [--events 10000] [--seed N] [--kills N] [--clock-factor 30] [--window-seconds 0] [--json]

Runs the real pipeline on this machine on a very bad day and finds out what became of every event.
One process in 500 events is killed unless --kills says otherwise.
Exit code: 0 if everything was reported once or had to be dead-lettered, nothing was repeated without excuse, and the day was
as bad as it should be; 1 if not; 2 for a mistake in the options.`;

const EVENTS_PER_KILL = 500;
const LIMIT_MS = 20 * 60_000;

/** A whole number of an option. */
function numberOf(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`--${name} ${text}: a whole number from ${least}`);
  return value;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      kills: { type: 'string' },
      'clock-factor': { type: 'string', default: '30' },
      'window-seconds': { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const events = numberOf('events', values.events, 1);
  return {
    events,
    seed: numberOf('seed', values.seed, 0),
    kills: values.kills === undefined ? Math.ceil(events / EVENTS_PER_KILL) : numberOf('kills', values.kills, 0),
    clockFactor: numberOf('clock-factor', values['clock-factor'], 1),
    windowSeconds: numberOf('window-seconds', values['window-seconds'], 0),
    isJson: values.json,
    isHelp: values.help,
  };
}

async function main(): Promise<number> {
  const { isJson, isHelp, ...options } = readOptions();
  if (isHelp) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const { stderr } = process;
  const onProgress: Parameters<typeof runChaos>[0]['onProgress'] = (progress) => {
    if (stderr.isTTY) stderr.write(`\r\x1b[K${progressLine(progress)}`);
  };
  const result = await runChaos({ ...options, limitMs: LIMIT_MS, onProgress });
  if (stderr.isTTY) stderr.write('\r\x1b[K');
  process.stdout.write(isJson ? `${JSON.stringify(result)}\n` : `${chaosText(result).join('\n')}\n`);
  return isGuaranteed(result) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 1;
}
