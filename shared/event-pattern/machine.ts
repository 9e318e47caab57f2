import type { Reading } from './matcher.ts';
import type { ValueList } from './value-list.ts';

/** Numbers win over addresses: the engine asks for them first. */
const strongest = (left: Reading, right: Reading): Reading =>
  [left, right].includes('number') ? 'number' : [left, right].includes('address') ? 'address' : 'text';

/** What the engine keeps for one field: alternatives that begin alike share it, and with it how values are read. */
export interface Machine {
  readonly path: string;
  reading: Reading;
  readonly wildcards: Map<string, readonly string[]>;
}

function addTo(machine: Machine, { matchers }: ValueList): void {
  for (const { reading, wildcards = [] } of matchers) {
    machine.reading = strongest(machine.reading, reading);
    for (const runs of wildcards) machine.wildcards.set(runs.join('*'), runs);
  }
}

/** The machine of every field of every alternative. */
export function machinesOf(alternatives: readonly (readonly [string, ValueList][])[]): readonly (readonly Machine[])[] {
  const machines = new Map<string, Machine>();
  return alternatives.map((fields) => {
    let begin = '';
    return fields.map(([path, list]) => {
      const key = `${begin}${path}`;
      const machine = machines.get(key) ?? { path, reading: 'text', wildcards: new Map() };
      machines.set(key, machine);
      addTo(machine, list);
      begin = `${key}\n${list.json}\n`;
      return machine;
    });
  });
}
