import { memoize } from '../call/json.ts';
import { ACCOUNT_ID, type MediaConnectArn, REGION } from '../call/mediaconnect-arn.ts';

const EVENT_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** What CloudTrail's ids look like: nothing else can stand in so few letters. */
export const isUuid = (id: string): boolean => EVENT_ID.test(id);

/** What needs no encoding behind `#`, and what names in ARNs are made of. */
const LINKABLE_FLOW = /^arn:[\w-]+:mediaconnect:[\w-]+:\d{12}:flow:[\w-]+:[\w.-]+$/;

interface Partition {
  readonly name: string;
  readonly consoleHost: string;
}

/** Partitions by how their regions' names start; the others have no console host that we know. */
function partitionOf(region: string): Partition | undefined {
  if (region.startsWith('cn-')) return { name: 'aws-cn', consoleHost: 'console.amazonaws.cn' };
  if (region.startsWith('us-gov-')) return { name: 'aws-us-gov', consoleHost: 'console.amazonaws-us-gov.com' };
  if (region.startsWith('us-iso') || region.startsWith('eu-iso') || region.startsWith('eusc-')) return undefined;
  return { name: 'aws', consoleHost: 'console.aws.amazon.com' };
}

/** The console's pages of one region, of which there are few. */
const pagesIn = memoize((region: string) => {
  const partition = REGION.test(region) ? partitionOf(region) : undefined;
  if (partition === undefined) return undefined;
  const host = `https://${region}.${partition.consoleHost}`;
  return {
    partition: partition.name,
    home: `${host}/mediaconnect/home?region=${region}`,
    events: `${host}/cloudtrailv2/home?region=${region}#/events/`,
  };
});

/** What the links are made of; all of it untrusted until it is checked here. */
export interface LinkParts {
  readonly region: string | undefined;
  readonly eventId: string | undefined;
  readonly account: string | undefined;
  /** The flow, if it is there to be looked at. */
  readonly flow: MediaConnectArn | undefined;
}

/** A console shows only what is in the region it was opened for, and in the account of who looks. */
function isHere({ arn, region, account, partition }: MediaConnectArn, parts: LinkParts, here: string): boolean {
  if (arn === undefined || !LINKABLE_FLOW.test(arn)) return false;
  if (region !== parts.region || partition !== here) return false;
  return parts.account === undefined || !ACCOUNT_ID.test(parts.account) || account === parts.account;
}

/**
 * Links to the flow (to MediaConnect's home for everything else) and to the CloudTrail event, built from validated
 * parts only: no link rather than a wrong one.
 */
export function consoleLinks(parts: LinkParts): {
  readonly resource: string | undefined;
  readonly event: string | undefined;
} {
  const { region, eventId, flow } = parts;
  const pages = region === undefined ? undefined : pagesIn(region);
  if (pages === undefined) return { resource: undefined, event: undefined };

  const { partition, home, events } = pages;
  const hasEvent = eventId !== undefined && isUuid(eventId);
  return {
    resource: flow !== undefined && isHere(flow, parts, partition) ? `${home}#/flows/${flow.arn}` : home,
    event: hasEvent ? `${events}${eventId}` : undefined,
  };
}
