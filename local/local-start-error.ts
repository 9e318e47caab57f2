/** The pipeline cannot be started as it was asked for: a port is taken, an input cannot be used. One clear line, exit code 2. */
export class LocalStartError extends Error {
  override readonly name = 'LocalStartError';
}

/** A port cannot be had. */
export class PortError extends LocalStartError {}
