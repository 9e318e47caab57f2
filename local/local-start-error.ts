import { UserError } from '../infra/settings/user-error.ts';

/** The pipeline cannot be started as it was asked for: a port is taken, an input cannot be used. */
export class LocalStartError extends UserError {
  override readonly name: string = 'LocalStartError';
}

/** A port cannot be had. */
export class PortError extends LocalStartError {
  override readonly name = 'PortError';
}
