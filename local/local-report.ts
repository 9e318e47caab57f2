import type { Outcome } from './outcomes/outcome.ts';
import type { Pipeline } from './pipeline.ts';
import type { LocalIo, LocalOptions } from './run-local.ts';
import type { AcceptedPost } from './slack/slack-endpoint.ts';

/** What the person or the program at the terminal reads while the pipeline runs. */
export interface LocalReport {
  ready(urls: Pipeline['urls']): void;
  outcome(outcome: Outcome): void;
  message(post: AcceptedPost): void;
  /** A trouble that does not end anything. */
  note(text: string): void;
  /** A piece of the input that is no event. */
  unusable(text: string): void;
  /** Says how it went, and gives the exit code. */
  end(how: { readonly isStoppedEarly: boolean }): number;
}

const LINE_CHARACTERS = 140;

/** Control characters would reach the terminal. */
const oneLine = (text: string): string => {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length <= LINE_CHARACTERS ? line : `${line.slice(0, LINE_CHARACTERS - 1)}…`;
};

const whatPlays = ({ inputs, sample, exit }: LocalOptions): string => {
  if (inputs.length > 0) return `Playing ${inputs.join(', ')}.`;
  if (!sample) return 'Waiting for events.';
  return exit ? 'Playing a day of broadcasting.' : 'Playing a day of broadcasting, again and again.';
};

const welcome = (urls: Pipeline['urls'], options: LocalOptions): readonly string[] => [
  'The MediaConnect notifier runs on this machine.',
  '',
  `  The channels, as operators see them   ${urls.page}`,
  `  AWS (AWS_ENDPOINT_URL)                ${urls.aws}`,
  `  Slack (webhook of channel default)    ${urls.slack}`,
  '',
  'EventBridge here takes sources that begin with aws., which AWS itself refuses from anyone but its services.',
  `${whatPlays(options)}${options.exit ? '' : ' Ctrl-C stops.'}`,
  '',
];

/** Reports in words, or, with `json`, in lines of JSON; troubles always go to the error output. */
export function createLocalReport(options: LocalOptions, { writeLine, writeErrorLine }: LocalIo): LocalReport {
  const counts = { posted: 0, folded: 0, 'dead-lettered': 0, unmatched: 0 };
  let messages = 0;
  let unusable = 0;
  let lastNote = '';

  const note = (text: string): void => {
    // While Slack is away, each try says the same.
    if (text === lastNote) return;
    lastNote = text;
    writeErrorLine(oneLine(text));
  };

  return {
    ready(urls) {
      if (options.json) writeLine(JSON.stringify({ ready: true, ...urls }));
      else for (const line of welcome(urls, options)) writeLine(line);
    },
    outcome(outcome) {
      counts[outcome.result] += 1;
      if (options.json) writeLine(JSON.stringify(outcome));
      else if (outcome.result === 'dead-lettered' || outcome.result === 'unmatched') {
        writeLine(oneLine(`${outcome.result}: ${outcome.operation ?? outcome.eventId}: ${outcome.reason ?? ''}`));
      }
    },
    message({ channel, message }) {
      messages += 1;
      if (!options.json) writeLine(oneLine(`#${channel}  ${message.text}`));
    },
    note,
    unusable(text) {
      unusable += 1;
      note(text);
    },
    end({ isStoppedEarly }) {
      if (!options.json) {
        const said = Object.entries(counts).map(([result, count]) => `${count} ${result}`);
        writeLine(`${messages} messages: ${said.join(', ')}.`);
      }
      if (isStoppedEarly) writeErrorLine('stopped before everything was delivered');
      return isStoppedEarly || counts['dead-lettered'] > 0 || unusable > 0 ? 1 : 0;
    },
  };
}
