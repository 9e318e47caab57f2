import type { LocalOptions } from '../../../cli/local/run-local.ts';

/** A run that plays what it is given, writes one line of JSON for each outcome, and ends. */
export const LOCAL_OPTIONS: LocalOptions = {
  port: 0,
  awsPort: 0,
  inputs: [],
  sample: false,
  speed: 1,
  slackWebhook: undefined,
  slackAnswers: 'ok',
  dataDir: undefined,
  exit: true,
  json: true,
  commandWithFreePorts: 'npx notifier local --port 0',
  context: {},
};
