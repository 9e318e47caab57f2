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

/** One walk over an event. */
interface Walk {
  readonly found: (Leaf[] | undefined)[];
  arrays: number;
}

function visitList(walk: Walk, node: FieldTree, list: readonly unknown[], outer: Membership | undefined): void {
  const array = walk.arrays;
  walk.arrays += 1;
  for (const [index, element] of list.entries()) {
    const nested = typeof element === 'object' && element !== null;
    visit(walk, node, element, nested ? { array, index, outer } : outer);
  }
}

function visitObject(
  walk: Walk,
  node: FieldTree,
  object: Readonly<Record<string, unknown>>,
  membership: Membership | undefined,
): void {
  if (node.children.size === 0) return;
  for (const name of Object.keys(object)) {
    const child = descend(node, name);
    if (child !== undefined) visit(walk, child, object[name], membership);
  }
}

function addLeaf({ found }: Walk, slot: number, leaf: Leaf): void {
  const leaves = found[slot];
  if (leaves === undefined) found[slot] = [leaf];
  else leaves.push(leaf);
}

function visit(walk: Walk, node: FieldTree, value: unknown, membership: Membership | undefined): void {
  if (typeof value !== 'object' || value === null) {
    if (node.slot !== undefined && value !== undefined) addLeaf(walk, node.slot, { value, membership });
  } else if (Array.isArray(value)) visitList(walk, node, value, membership);
  else visitObject(walk, node, value as Readonly<Record<string, unknown>>, membership);
}

/** The leaves of every path of the tree, by slot; a slot is empty where the event has none. */
export function collectLeaves(tree: FieldTree, event: unknown): readonly (readonly Leaf[] | undefined)[] {
  const walk: Walk = { found: [], arrays: 0 };
  visit(walk, tree, event, undefined);
  return walk.found;
}
