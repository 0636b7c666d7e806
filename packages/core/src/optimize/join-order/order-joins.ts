import type { Join, Rel } from '@tributary/contract';
import type { Estimator } from '../cardinality/estimate.js';
import type { JoinGraph, Members } from './join-graph.js';

/** A join tree over some members. */
export interface Part {
  readonly members: Members;
  readonly rel: Rel;
  readonly rows: number;
  /** Rows of all joins in the tree: what an order is judged by. */
  readonly cost: number;
}

/** Up to this many parts every order is tried; above, the smallest join is made first, again and again. */
const exhaustiveLimit = 7;

export function leafPart(graph: JoinGraph, member: number, estimator: Estimator): Part | undefined {
  const rel = graph.members[member];
  return rel === undefined ? undefined : { members: 1 << member, rel, rows: estimator.rows(rel), cost: 0 };
}

/** The larger side left, where DuckDB probes; the smaller right, where it builds. */
function joinParts(a: Part, b: Part, graph: JoinGraph, estimator: Estimator): Part {
  const [left, right] = a.rows >= b.rows ? [a, b] : [b, a];
  const rel: Join = {
    kind: 'join',
    type: 'inner',
    left: left.rel,
    right: right.rel,
    on: graph.conditions(left.members, right.members),
  };
  const rows = estimator.rows(rel);
  return { members: a.members | b.members, rel, rows, cost: a.cost + b.cost + rows };
}

/** One tree of all the parts: connected ones first, products only where nothing connects. */
export function orderJoins(parts: readonly Part[], graph: JoinGraph, estimator: Estimator): Part | undefined {
  const trees = parts.length <= exhaustiveLimit ? bestTrees(parts, graph, estimator) : parts;
  return joinGreedily(trees, graph, estimator);
}

/** The cheapest way found to join a set of parts. */
interface Best {
  readonly members: Members;
  readonly rows: number;
  readonly cost: number;
  /** Any tree of the set: all have the same rows, so one is enough to estimate with. */
  readonly sample: Part;
  readonly split?: readonly [left: number, right: number];
}

/**
 * The cheapest tree of each connected component, over all orders without products (DPsub). Rows are estimated once
 * per set, and trees are built only for the winners.
 */
function bestTrees(parts: readonly Part[], graph: JoinGraph, estimator: Estimator): readonly Part[] {
  const best = new Map<number, Best>();
  parts.forEach((part, i) => best.set(1 << i, { ...part, sample: part }));
  const all = (1 << parts.length) - 1;
  for (let set = 1; set <= all; set += 1) {
    for (let left = (set - 1) & set; left > 0; left = (left - 1) & set) {
      const right = set ^ left;
      if (left < right) continue;
      const a = best.get(left);
      const b = best.get(right);
      if (a === undefined || b === undefined || !graph.connects(a.members, b.members)) continue;
      const known = best.get(set);
      const sample = known?.sample ?? joinParts(a.sample, b.sample, graph, estimator);
      const cost = a.cost + b.cost + sample.rows;
      if (known !== undefined && known.cost <= cost) continue;
      best.set(set, { members: sample.members, rows: sample.rows, cost, sample, split: [left, right] });
    }
  }
  const trees: Part[] = [];
  for (let open = all; open > 0;) {
    const sets = [...best.keys()].filter((set) => (set & open) === set);
    const largest = sets.reduce((a, b) => (bits(b) > bits(a) ? b : a));
    trees.push(build(largest));
    open &= ~largest;
  }
  return trees;

  function build(set: number): Part {
    const entry = best.get(set);
    if (entry === undefined) throw new RangeError('a set of the join graph was not ordered');
    if (entry.split === undefined) return entry.sample;
    return joinParts(build(entry.split[0]), build(entry.split[1]), graph, estimator);
  }
}

function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest > 0; rest &= rest - 1) count += 1;
  return count;
}

function joinGreedily(parts: readonly Part[], graph: JoinGraph, estimator: Estimator): Part | undefined {
  let open = parts;
  while (open.length > 1) {
    const next = smallestJoin(open, graph, estimator) ?? smallestProduct(open, graph, estimator);
    if (next === undefined) break;
    open = [...open.filter((p) => p !== next.a && p !== next.b), next.joined];
  }
  return open[0];
}

interface Choice {
  readonly a: Part;
  readonly b: Part;
  readonly joined: Part;
}

/** The connected pair whose join has the fewest rows. */
export function smallestJoin(
  parts: readonly Part[],
  graph: JoinGraph,
  estimator: Estimator,
  admits: (choice: Choice) => boolean = () => true,
): Choice | undefined {
  let best: Choice | undefined;
  parts.forEach((a, i) => {
    for (const b of parts.slice(i + 1)) {
      if (!graph.connects(a.members, b.members)) continue;
      const choice = { a, b, joined: joinParts(a, b, graph, estimator) };
      if ((best === undefined || choice.joined.rows < best.joined.rows) && admits(choice)) best = choice;
    }
  });
  return best;
}

function smallestProduct(parts: readonly Part[], graph: JoinGraph, estimator: Estimator): Choice | undefined {
  const [a, b] = parts.toSorted((x, y) => x.rows - y.rows);
  return a && b && { a, b, joined: joinParts(a, b, graph, estimator) };
}
