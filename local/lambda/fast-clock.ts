/**
 * Loaded into a function's process before the function where time is to pass faster: the function reads the faster
 * clock, pauses are shorter, and so is its patience with Slack. The code of the function stays as it is deployed.
 *
 * Its limits on AWS's answers are real time, because nothing answers faster here: those timers run code of the SDK,
 * whereas a pause does nothing but resolve a promise, by which the two are told apart.
 */
const [, , , , factorText = '1', startText = '0'] = process.argv;
const factor = Number(factorText);
const startMs = Number(startText);

const machineNow = Date.now;
Date.now = () => startMs + (machineNow() - startMs) * factor;

/** What resolves a promise is nameless code of the engine's own. */
const isPause = (callback: (...given: never) => unknown): boolean =>
  callback.name === '' && String(callback) === 'function () { [native code] }';

const machineSetTimeout = globalThis.setTimeout;
const fasterSetTimeout = (callback: (...given: unknown[]) => void, delayMs = 0, ...given: unknown[]) =>
  machineSetTimeout(callback, isPause(callback) ? delayMs / factor : delayMs, ...given);
globalThis.setTimeout = Object.assign(fasterSetTimeout, machineSetTimeout) as typeof globalThis.setTimeout;

const machineTimeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (delayMs) => machineTimeout(Math.ceil(delayMs / factor));
