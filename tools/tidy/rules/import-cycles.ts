import type { Finding } from '../finding.ts';
import type { TreeRule } from '../rule.ts';
import { resolveImport, type Tree } from '../tree.ts';

type Visit = { readonly index: number; low: number; onStack: boolean };

/** No file reaches itself, not even by types: one strongly connected component per file (Tarjan, 1972). */
export const importCycles: TreeRule = {
  name: 'import-cycle',
  *check(tree): Generator<Finding> {
    for (const cycle of findCycles(edgesOf(tree))) {
      const members = [...cycle].sort();
      const [path = ''] = members;
      yield { path, line: 1, rule: 'import-cycle', message: members.join(' ↔ ') };
    }
  },
};

function edgesOf(tree: Tree): ReadonlyMap<string, readonly string[]> {
  const edges = new Map<string, readonly string[]>();
  for (const file of tree.sources.values()) {
    const targets = file.imports.map(({ specifier }) => resolveImport(tree, file.path, specifier));
    edges.set(
      file.path,
      targets.filter(target => target !== undefined && tree.sources.has(target)) as string[],
    );
  }
  return edges;
}

/** The components of more than one file, and files that import themselves. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const visits = new Map<string, Visit>();
  const stack: string[] = [];
  const cycles: (readonly string[])[] = [];
  const connect = (path: string): Visit => {
    const visit: Visit = { index: visits.size, low: visits.size, onStack: true };
    visits.set(path, visit);
    stack.push(path);
    for (const target of edges.get(path) ?? []) {
      const known = visits.get(target);
      if (known === undefined) visit.low = Math.min(visit.low, connect(target).low);
      else if (known.onStack) visit.low = Math.min(visit.low, known.index);
    }
    if (visit.low === visit.index) {
      const component = stack.splice(stack.indexOf(path));
      for (const member of component) leaveStack(visits.get(member));
      if (component.length > 1 || edges.get(path)?.includes(path) === true) cycles.push(component);
    }
    return visit;
  };
  for (const path of edges.keys()) if (!visits.has(path)) connect(path);
  return cycles;
}

function leaveStack(visit: Visit | undefined): void {
  if (visit !== undefined) visit.onStack = false;
}
