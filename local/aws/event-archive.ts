import * as z from 'zod';
import type { JsonObject } from '../../shared/call/json.ts';
import { isMatch } from '../../shared/eventbridge/match-pattern.ts';
import { suppressedByState } from '../../shared/eventbridge/rule.ts';
import type { ArchiveModel } from '../template/stack-model.ts';
import type { BusEvent } from './event-bus.ts';
import { AwsError, type Operation, validationError } from './service.ts';

export interface EventArchiveOptions {
  readonly archives: readonly ArchiveModel[];
  readonly busArn: string;
  readonly ruleArns: ReadonlySet<string>;
  readonly nowMs: () => number;
  /** Puts an event to some rules and no others. */
  readonly publish: (event: BusEvent, ruleArns: ReadonlySet<string>) => Promise<unknown>;
}

/** The archives of the bus and their replays. */
export interface EventArchive {
  /** Called with every event that is put on the bus. */
  keep(event: BusEvent): void;
  readonly operations: ReadonlyMap<string, Operation>;
}

/** An archive on one machine is for trying it out; AWS's has no end. */
const MOST_EVENTS = 10_000;

const seconds = z.number().transform((value) => value * 1000);

const StartReplaySchema = z.object({
  ReplayName: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/),
  EventSourceArn: z.string(),
  EventStartTime: seconds,
  EventEndTime: seconds,
  Destination: z.object({ Arn: z.string(), FilterArns: z.array(z.string()).optional() }),
});

interface Replay {
  readonly input: z.output<typeof StartReplaySchema>;
  readonly startedAtMs: number;
  state: 'RUNNING' | 'COMPLETED' | 'FAILED';
}

const timeOf = ({ time }: BusEvent): number => (typeof time === 'string' ? Date.parse(time) : Number.NaN);

/**
 * Keeps the latest events that the stack's archives ask for, in memory, and replays them.
 *
 * EventBridge fills an archive by a managed rule, and the state of one that it makes is `ENABLED`: such a rule gets no
 * read-only management event, so none is kept here either.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
 */
export function createEventArchive(options: EventArchiveOptions): EventArchive {
  const { archives, busArn, ruleArns, nowMs, publish } = options;
  const kept: { readonly archive: ArchiveModel; readonly event: BusEvent }[] = [];
  const replays = new Map<string, Replay>();

  const describeArchive: Operation = async ({ ArchiveName }) => {
    const archive = archives.find(({ name }) => name === ArchiveName);
    if (archive === undefined) {
      throw new AwsError('ResourceNotFoundException', `Archive ${String(ArchiveName)} does not exist.`);
    }
    return {
      ArchiveName: archive.name,
      ArchiveArn: archive.arn,
      EventSourceArn: busArn,
      State: 'ENABLED',
      RetentionDays: archive.retentionDays,
      EventCount: kept.filter((each) => each.archive === archive).length,
    };
  };

  function checkDestination({ Destination, EventStartTime, EventEndTime }: Replay['input']): void {
    const { Arn, FilterArns = [] } = Destination;
    if (Arn !== busArn) throw new AwsError('ValidationException', 'Parameter Destination.Arn is not valid.');
    if (FilterArns.some((arn) => !ruleArns.has(arn))) {
      throw new AwsError('ValidationException', 'Parameter Destination.FilterArns is not valid.');
    }
    if (EventEndTime <= EventStartTime)
      throw new AwsError('ValidationException', 'Parameter EventEndTime is not valid.');
  }

  function readStart(value: JsonObject): Replay['input'] {
    const parsed = StartReplaySchema.safeParse(value);
    if (!parsed.success) {
      throw validationError('of the request', String(parsed.error.issues[0]?.path.join('.')), 'Member is not as asked');
    }
    const input = parsed.data;
    if (!archives.some(({ arn }) => arn === input.EventSourceArn)) {
      throw new AwsError('ResourceNotFoundException', `Archive ${input.EventSourceArn} does not exist.`);
    }
    if (replays.has(input.ReplayName)) {
      throw new AwsError('ResourceAlreadyExistsException', `Replay ${input.ReplayName} already exists.`);
    }
    checkDestination(input);
    return input;
  }

  async function run(replay: Replay): Promise<void> {
    const { ReplayName, EventSourceArn, EventStartTime, EventEndTime, Destination } = replay.input;
    const rules = Destination.FilterArns === undefined ? ruleArns : new Set(Destination.FilterArns);
    const wanted = kept.filter(({ archive, event }) => {
      const time = timeOf(event);
      return archive.arn === EventSourceArn && time >= EventStartTime && time < EventEndTime;
    });
    for (const { event } of wanted) await publish({ ...event, 'replay-name': ReplayName }, rules);
    replay.state = 'COMPLETED';
  }

  const startReplay: Operation = async (value) => {
    const replay: Replay = { input: readStart(value), startedAtMs: nowMs(), state: 'RUNNING' };
    replays.set(replay.input.ReplayName, replay);
    run(replay).catch(() => {
      replay.state = 'FAILED';
    });
    return { State: 'STARTING', ReplayStartTime: replay.startedAtMs / 1000 };
  };

  const describeReplay: Operation = async ({ ReplayName }) => {
    const replay = replays.get(String(ReplayName));
    if (replay === undefined) {
      throw new AwsError('ResourceNotFoundException', `Replay ${String(ReplayName)} does not exist.`);
    }
    const { EventSourceArn, EventStartTime, EventEndTime, Destination } = replay.input;
    return {
      ReplayName: String(ReplayName),
      State: replay.state,
      EventSourceArn,
      Destination,
      EventStartTime: EventStartTime / 1000,
      EventEndTime: EventEndTime / 1000,
      ReplayStartTime: replay.startedAtMs / 1000,
      ...(replay.state === 'COMPLETED' && { EventLastReplayedTime: EventEndTime / 1000 }),
    };
  };

  return {
    keep(event) {
      // What is replayed is in the archive already.
      if ('replay-name' in event || suppressedByState('ENABLED', event) !== undefined) return;
      for (const archive of archives) if (isMatch(archive.pattern, event)) kept.push({ archive, event });
      if (kept.length > MOST_EVENTS) kept.splice(0, kept.length - MOST_EVENTS);
    },
    operations: new Map<string, Operation>([
      ['DescribeArchive', describeArchive],
      ['StartReplay', startReplay],
      ['DescribeReplay', describeReplay],
    ]),
  };
}
