import type { Command } from 'commander';
import type { CliIo, ExitCode } from './io.ts';

/** Makes a command; `exit` says with which code it ended, if it is not 0. */
export type CreateCommand = (io: CliIo, exit: (code: ExitCode) => void) => Command;

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Loads the command when it is asked for: CDK and the page are no part of `--help`. */
  readonly load: () => Promise<CreateCommand>;
}

/** Every command, in the order of `--help`. To add one, add its file and a line here. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write a small CDK app that deploys the notifier',
    load: async () => (await import('./init/command.ts')).createInitCommand,
  },
  {
    name: 'slack',
    summary: 'say how the Slack app is made, and how its webhooks get to the notifier',
    load: async () => (await import('./slack/command.ts')).createSlackCommand,
  },
  {
    name: 'local',
    summary: 'run the whole pipeline on this machine, with a page that shows the channels',
    load: async () => (await import('./local/command.ts')).createLocalCommand,
  },
  {
    name: 'explain',
    summary: 'say what each event is, which rules match it and what would be posted',
    load: async () => (await import('./explain/command.ts')).createExplainCommand,
  },
  {
    name: 'rules',
    summary: 'list the rules as EventBridge gets them',
    load: async () => (await import('./rules/command.ts')).createRulesCommand,
  },
  {
    name: 'backtest',
    summary: 'count what the rules would have reported, on CloudTrail log files',
    load: async () => (await import('./backtest/command.ts')).createBacktestCommand,
  },
  {
    name: 'doctor',
    summary: 'check a deployed stack from outside',
    load: async () => (await import('./doctor/command.ts')).createDoctorCommand,
  },
  {
    name: 'redrive',
    summary: 'show what was given up, and bring it back',
    load: async () => (await import('./redrive/command.ts')).createRedriveCommand,
  },
  {
    name: 'replay',
    summary: 'replay the archive of a time to the rules',
    load: async () => (await import('./replay/command.ts')).createReplayCommand,
  },
  {
    name: 'audit',
    summary: 'find the calls in CloudTrail log files that were not reported',
    load: async () => (await import('./audit/command.ts')).createAuditCommand,
  },
  {
    name: 'send',
    summary: 'put events on the bus of this machine, or into a deployed queue as a smoke test',
    load: async () => (await import('./send/command.ts')).createSendCommand,
  },
];
