/**
 * The program of one execution environment: loads a built function and answers invocations over the channel to its
 * parent, one at a time. It imports nothing of this project: Lambda would not either.
 */
interface Invocation {
  readonly requestId: string;
  readonly event: unknown;
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
}

const [, , modulePath = '', exportName = ''] = process.argv;
const say = (message: unknown): void => void process.send?.(message);

const describe = (error: unknown): { readonly errorType: string; readonly errorMessage: string } =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message }
    : { errorType: 'Error', errorMessage: String(error) };

function contextOf({ requestId, deadlineMs, functionArn, memoryMegabytes }: Invocation): unknown {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: functionArn.slice(functionArn.lastIndexOf(':') + 1),
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMegabytes),
    awsRequestId: requestId,
    logGroupName: '/local',
    logStreamName: String(process.pid),
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

// Ctrl-C reaches every process of the terminal; the parent decides when this one has finished its batch.
process.on('SIGINT', () => undefined);
// Nobody is left to answer.
process.on('disconnect', () => process.exit(0));

try {
  const module: Record<string, unknown> = await import(modulePath);
  const handler = module[exportName];
  if (typeof handler !== 'function') throw new Error(`${modulePath} exports no ${exportName}`);
  process.on('message', async (invocation: Invocation) => {
    try {
      const value: unknown = await handler(invocation.event, contextOf(invocation));
      say({ kind: 'value', requestId: invocation.requestId, value });
    } catch (error) {
      say({ kind: 'error', requestId: invocation.requestId, error: describe(error) });
    }
  });
  say({ kind: 'ready' });
} catch (error) {
  say({ kind: 'init-error', error: describe(error) });
}
