import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PortError } from '../local-start-error.ts';

/** Nothing here is for other machines. */
export const LOOPBACK = '127.0.0.1';

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Says in one line why a port cannot be had. `flag` is what a person would change. */
export function portError(error: unknown, port: number, flag: string): unknown {
  if (isTaken(error)) return new PortError(`port ${port} is taken; choose another with ${flag}`, { cause: error });
  if (error instanceof Error && 'code' in error && error.code === 'EACCES') {
    return new PortError(`port ${port} may not be used; choose another with ${flag}`, { cause: error });
  }
  return error;
}

/** Listens on the loopback interface only; gives the port, which is a free one if 0 was asked for. */
export async function listen(server: Server, port: number, flag: string): Promise<number> {
  // A client that uses a connection in the moment in which it is closed for idleness gets a reset.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, port, flag)));
    server.listen(port, LOOPBACK, resolve);
  });
  return (server.address() as AddressInfo).port;
}
