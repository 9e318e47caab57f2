/**
 * The parts of the world in which AWS has regions, by the names that its regions have without their number. MediaConnect
 * exists in the partition `aws` only.
 */
const AREAS = [
  'af-south',
  'ap-east',
  'ap-northeast',
  'ap-south',
  'ap-southeast',
  'ca-central',
  'ca-west',
  'eu-central',
  'eu-north',
  'eu-south',
  'eu-west',
  'il-central',
  'me-central',
  'me-south',
  'mx-central',
  'sa-east',
  'us-east',
  'us-west',
] as const;

const REGION = /^([a-z]{2}-[a-z]+)-[1-9]$/;

export const isRegion = (region: string): boolean => AREAS.some((area) => area === REGION.exec(region)?.[1]);

/** Names to suggest for one that is none. */
export const REGION_NAMES: readonly string[] = AREAS.flatMap((area) => [1, 2, 3].map((number) => `${area}-${number}`));
