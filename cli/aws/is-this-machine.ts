const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Endpoints on this machine check no signature, so nobody has to have credentials for them. */
export const isThisMachine = (endpointUrl: string | undefined): boolean =>
  endpointUrl !== undefined && LOOPBACK_HOSTS.has(new URL(endpointUrl).hostname);
