import { InputError } from '../../local/input/input-error.ts';
import type { Envelope } from '../../local/input/input-item.ts';
import { readEventFile } from '../../local/input/read-events.ts';
import type { AwsClients } from '../aws/aws-clients.ts';
import type { DeployedStack } from '../aws/deployed-stack.ts';
import { type AuditScope, type ExpectedCall, expectationOf } from './expected-call.ts';
import { type LedgerState, readLedger } from './ledger-reader.ts';

export interface AuditOptions {
  readonly files: readonly string[];
  /** What the file `-` stands for. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly scope: AuditScope;
  readonly clients: AwsClients;
  readonly stack: DeployedStack;
  readonly stop: AbortSignal;
  readonly onProgress: (done: number, of: number) => void;
}

export interface UntoldCall {
  readonly call: ExpectedCall;
  readonly state: LedgerState;
}

/** What the log files and the ledger say together. */
export interface AuditResult {
  /** MediaConnect calls of the region and the time, each once. */
  readonly calls: number;
  /** Times that a rule would have told one in a channel. */
  readonly expected: number;
  readonly untold: readonly UntoldCall[];
  /** Files that could not be read and pieces of files that are no records: what they hold was not audited. */
  readonly unusable: readonly string[];
}

/** Looked up together: as many as DynamoDB takes, ten times. */
const LOOKED_UP_AT_ONCE = 1000;

/** Looks expected calls up in the ledger, each once, however often CloudTrail wrote its record. */
function createLookUp(clients: AwsClients, { outputs }: DeployedStack) {
  const seen = new Set<string>();
  const untold: UntoldCall[] = [];
  let open: ExpectedCall[] = [];

  return {
    untold,
    count: () => seen.size,
    add(calls: readonly ExpectedCall[]): void {
      for (const call of calls) {
        if (!seen.has(call.key)) open.push(call);
        seen.add(call.key);
      }
    },
    async flush(atLeast = 1): Promise<void> {
      if (open.length < atLeast) return;
      const keys = open.map(({ key }) => key);
      const states = await readLedger(clients, outputs.LedgerTableName, keys);
      const found = open.map((call) => ({ call, state: states.get(call.key) ?? 'absent' }));
      untold.push(...found.filter(({ state }) => state !== 'told'));
      open = [];
    },
  };
}

/**
 * Reconciles CloudTrail's log files, which are the complete record of what was called, with the ledger of what was
 * told.
 *
 * @throws AwsCallError when the ledger cannot be read.
 */
export async function runAudit(options: AuditOptions): Promise<AuditResult> {
  const { files, scope, clients, stack, stdin, stop, onProgress } = options;
  const lookUp = createLookUp(clients, stack);
  const callIds = new Set<string>();
  const unusable: string[] = [];

  const auditEvent = (event: Envelope): void => {
    const expectation = expectationOf(event, scope);
    if (expectation.kind !== 'call') return;
    callIds.add(expectation.eventId);
    lookUp.add(expectation.expected);
  };

  const auditFile = async (file: string): Promise<void> => {
    let odd = 0;
    for await (const item of readEventFile(file, { stdin })) {
      if (item.kind === 'error') odd += 1;
      else auditEvent(item.envelope);
      await lookUp.flush(LOOKED_UP_AT_ONCE);
    }
    if (odd > 0) unusable.push(`${file}: ${odd} ${odd === 1 ? 'piece is no record' : 'pieces are no records'}`);
  };

  for (const [index, file] of files.entries()) {
    if (stop.aborted) break;
    try {
      await auditFile(file);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      unusable.push(error.message);
    }
    onProgress(index + 1, files.length);
  }
  await lookUp.flush();
  return { calls: callIds.size, expected: lookUp.count(), untold: lookUp.untold, unusable };
}
