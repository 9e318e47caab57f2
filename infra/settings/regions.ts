/**
 * Every AWS region of the partition `aws`; MediaConnect is in no other. Add a line to add a region. A region without
 * MediaConnect names the nearest that has it, by distance.
 *
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 * @see https://docs.aws.amazon.com/general/latest/gr/mediaconnect.html for those with MediaConnect
 */
const REGIONS: Readonly<Record<string, { readonly nearest?: string }>> = {
  'af-south-1': {},
  'ap-east-1': {},
  'ap-east-2': { nearest: 'ap-east-1' },
  'ap-northeast-1': {},
  'ap-northeast-2': {},
  'ap-northeast-3': {},
  'ap-south-1': {},
  'ap-south-2': {},
  'ap-southeast-1': {},
  'ap-southeast-2': {},
  'ap-southeast-3': { nearest: 'ap-southeast-1' },
  'ap-southeast-4': {},
  'ap-southeast-5': {},
  'ap-southeast-6': { nearest: 'ap-southeast-2' },
  'ap-southeast-7': { nearest: 'ap-southeast-5' },
  'ca-central-1': {},
  'ca-west-1': { nearest: 'us-west-2' },
  'eu-central-1': {},
  'eu-central-2': { nearest: 'eu-central-1' },
  'eu-north-1': {},
  'eu-south-1': { nearest: 'eu-central-1' },
  'eu-south-2': { nearest: 'eu-west-3' },
  'eu-west-1': {},
  'eu-west-2': {},
  'eu-west-3': {},
  'il-central-1': { nearest: 'me-central-1' },
  'me-central-1': {},
  'me-south-1': { nearest: 'me-central-1' },
  'mx-central-1': { nearest: 'us-east-2' },
  'sa-east-1': {},
  'us-east-1': {},
  'us-east-2': {},
  'us-west-1': {},
  'us-west-2': {},
};

export const REGION_NAMES: readonly string[] = Object.keys(REGIONS);

export const isRegion = (region: string): boolean => Object.hasOwn(REGIONS, region);

/**
 * Why a stack in this region would have nothing to report; `undefined` where MediaConnect is. A warning and no mistake:
 * AWS adds regions to services more often than this table is changed.
 */
export function warningOfRegion(region: string): string | undefined {
  const nearest = REGIONS[region]?.nearest;
  return nearest === undefined
    ? undefined
    : `notifier:regions: AWS Elemental MediaConnect is not in ${region}, as far as this version knows, so nothing will ever be reported there; the nearest region that has it is ${nearest}`;
}
