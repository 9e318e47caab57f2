import { isJsonObject } from './json-object.ts';

/** Which element of which array a value sat in, innermost first. Scalars of an array do not remember their own place. */
export interface Membership {
  readonly array: number;
  readonly index: number;
  readonly outer: Membership | undefined;
}

/** A value of the event that is no object and no list. */
export interface Leaf {
  readonly value: unknown;
  readonly membership: Membership | undefined;
}

/** The paths that a pattern asks for, step by step; nothing else of an event is looked at. */
export interface FieldTree {
  readonly children: Map<string, FieldTree>;
  /** The number of the path that ends here. */
  slot: number | undefined;
}

/** A dot in a name is the same as a step, on both sides. */
const steps = (path: string): readonly string[] => path.split('.');

export function fieldTree(paths: readonly string[]): FieldTree {
  const root: FieldTree = { children: new Map(), slot: undefined };
  for (const [slot, path] of paths.entries()) {
    let node = root;
    for (const step of steps(path)) {
      const child = node.children.get(step) ?? { children: new Map(), slot: undefined };
      node.children.set(step, child);
      node = child;
    }
    node.slot = slot;
  }
  return root;
}

function descend(node: FieldTree, name: string): FieldTree | undefined {
  const child = node.children.get(name);
  if (child !== undefined || !name.includes('.')) return child;
  return steps(name).reduce<FieldTree | undefined>((at, step) => at?.children.get(step), node);
}

/** The leaves of every path of the tree, by slot. */
export function collectLeaves(tree: FieldTree, event: unknown, slots: number): readonly (readonly Leaf[])[] {
  const found: Leaf[][] = Array.from({ length: slots }, () => []);
  let arrays = 0;

  const visitList = (node: FieldTree, list: readonly unknown[], outer: Membership | undefined): void => {
    const array = arrays;
    arrays += 1;
    for (const [index, element] of list.entries()) {
      const nested = typeof element === 'object' && element !== null;
      visit(node, element, nested ? { array, index, outer } : outer);
    }
  };

  const visitObject = (
    node: FieldTree,
    object: Readonly<Record<string, unknown>>,
    membership: Membership | undefined,
  ): void => {
    if (node.children.size === 0) return;
    for (const name of Object.keys(object)) {
      const child = descend(node, name);
      if (child !== undefined) visit(child, object[name], membership);
    }
  };

  const visit = (node: FieldTree, value: unknown, membership: Membership | undefined): void => {
    if (Array.isArray(value)) visitList(node, value, membership);
    else if (isJsonObject(value)) visitObject(node, value, membership);
    else if (node.slot !== undefined) found[node.slot]?.push({ value, membership });
  };

  visit(tree, event, undefined);
  return found;
}
