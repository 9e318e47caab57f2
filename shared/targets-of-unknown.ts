import { parentByArn, targetOfArn, targetOfName } from './call-target.ts';
import { asList, textMember } from './json-member.ts';
import type { Said, Targets } from './resources-of-call.ts';

/** Members of a request that are looked through for ARNs when its operation is new to us. */
const MEMBERS_LOOKED_THROUGH = 50;

/** An operation that is newer than our tables: members that end in `Arn`, and `name`. */
export function targetsOfUnknown({ request, response }: Said): Targets {
  const source = request ?? response ?? {};
  const arns = Object.keys(source)
    .slice(0, MEMBERS_LOOKED_THROUGH)
    .filter((key) => /arns?$/i.test(key))
    .flatMap((key) => asList(source[key]))
    .map((value) => targetOfArn('unrecognized', value))
    .filter((target) => target !== undefined)
    .filter(({ parsed }) => parsed !== undefined);
  const name = textMember(source, 'name');
  const flow = arns.find(({ kind }) => kind === 'flow');
  const others = arns.filter((target) => target !== flow);
  const main = name === undefined ? others : [targetOfName('unrecognized', name), ...others];
  if (main.length === 0) return { main: flow === undefined ? [] : [flow], parent: undefined, other: undefined };
  return { main, parent: flow ?? parentByArn(main[0]), other: undefined };
}
