import process from 'node:process';
import { UsageError } from '../usage-error.ts';
import type { AwsFlags } from './aws-options.ts';
import { isThisMachine } from './is-this-machine.ts';

export interface AwsSettings {
  readonly region: string;
  /** `undefined`: AWS itself, or what `AWS_ENDPOINT_URL_…` says of one service. */
  readonly endpointUrl: string | undefined;
  readonly stackName: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

function regionOf(
  { region }: AwsFlags,
  { AWS_REGION, AWS_DEFAULT_REGION }: Environment,
  regions: readonly string[],
): string {
  const [only, ...others] = regions;
  const chosen = region ?? (AWS_REGION || AWS_DEFAULT_REGION || (others.length === 0 ? only : undefined));
  if (chosen === undefined) throw new UsageError(`which region? Give --region with one of ${regions.join(', ')}`);
  if (!/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(chosen)) throw new UsageError(`${chosen}: is no AWS region`);
  return chosen;
}

/**
 * Where a command works: what was typed, then AWS's standard environment variables, then the context.
 *
 * @param regions those of the context
 */
export function awsSettings(
  flags: AwsFlags,
  regions: readonly string[],
  environment: Environment = process.env,
): AwsSettings {
  const endpointUrl = flags.endpointUrl ?? (environment.AWS_ENDPOINT_URL || undefined);
  // The pipeline on one machine has the stack of the first region only.
  const region = regionOf(flags, environment, isThisMachine(endpointUrl) ? regions.slice(0, 1) : regions);
  return {
    region,
    endpointUrl,
    stackName: flags.stack ?? `MediaConnectNotifier-${region}`,
  };
}
