import { parentByArn, type Target, targetOfParsedArn } from './call-target.ts';
import { parseMediaConnectArn } from './mediaconnect-arn.ts';
import type { ResourceKind } from './resource-kind.ts';
import type { ParentNaming } from './resource-members.ts';
import type { Targets } from './resources-of-call.ts';

/** What IAM's words about a refused call name: `… is not authorized to perform: mediaconnect:StopFlow on resource: arn:…` */
const REFUSED_RESOURCE = / is not authorized to perform: mediaconnect:\w+ on resource: "?(arn[^\s"',;()]{1,2000})/;

/** The ARN of a resource, if the message holds one in which every part is as it must be; a wildcard is none. */
function refusedTarget(errorMessage: string): Target | undefined {
  const arn = REFUSED_RESOURCE.exec(errorMessage)?.[1]?.replace(/\.+$/, '');
  const parsed = arn?.includes('*') ? undefined : parseMediaConnectArn(arn);
  if (parsed?.arn === undefined || parsed.kind === undefined) return undefined;
  return targetOfParsedArn(parsed, parsed.kind);
}

/**
 * What a refused call was about, where its request is not in the record: IAM refuses before MediaConnect reads it, and
 * then only the error message says. An ARN of another kind is what the resource belongs to, or says nothing.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function targetsOfDenial(
  errorMessage: string | null | undefined,
  kind: ResourceKind,
  parentNaming: ParentNaming | undefined,
): Targets {
  const target = errorMessage ? refusedTarget(errorMessage) : undefined;
  const isParent = target !== undefined && target.kind === parentNaming?.kind;
  const isMain = target?.kind === kind || kind === 'tag' || kind === 'unrecognized';
  return {
    main: target !== undefined && isMain ? [target] : [],
    parent: isParent ? target : parentByArn(target),
    other: undefined,
  };
}
