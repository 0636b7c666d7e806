import {
  type Column,
  type ColumnId,
  type InKeySet,
  type Join,
  type Rel,
  columnRef,
  columnsOf,
  exprsOf,
  outputIds,
  outputOf,
  plain,
  rewriteRel,
  sameType,
  someExpr,
  someRel,
  visitRel,
} from '@tributary/contract/plan';
import type { FederatedDataSourceInfo } from '@tributary/contract/source';
import type { FragmentId, HeldRelation, KeySetEdge } from '../plan/federated-plan.js';
import type { SplitCosts } from './cost-model.js';
import { type DraftFragment, fragmentsOf } from './fragments.js';
import { RelationHolder } from './held-relations.js';
import { keySavings, minMsSaved } from './key-savings.js';
import { type KeyPair, type KeyedSides, keyedSides } from './key-pairs.js';
import { narrowed } from './narrow-producer.js';
import { isRepeatable } from './repeatable.js';

export interface KeySetContext {
  readonly costs: SplitCosts;
  readonly newId: () => ColumnId;
  readonly info: (source: string) => FederatedDataSourceInfo;
  /** Moves the predicates of a filter as far down as they may go. */
  readonly pushDown: (rel: Rel) => Rel;
  /** Whether the consumer's source can say the predicate over this input. */
  readonly supports: (predicate: InKeySet, input: Rel, source: string) => boolean;
}

/** A plan's parts once its key sets are chosen. */
export interface KeySetPlan {
  readonly fragments: readonly DraftFragment[];
  readonly edges: readonly KeySetEdge[];
  readonly held: readonly HeldRelation[];
  readonly residual: Rel;
}

/**
 * Most keys for files: with few of them whole row groups are passed over. More only do over again what the residual's join does
 * anyway, after waiting for the keys and reading their producer twice.
 */
const maxKeysForFiles = 2_000;
/** Most rows, as estimated, of a producer that is held in a table so that its keys are those of the join's rows. */
const maxHeldRows = 100_000;

interface Candidate {
  readonly producer: Rel;
  /** The node of the residual whose rows the keys are of: the producer, or its input where it only adds the keys. */
  readonly part: Rel;
  /** Whether another evaluation of the part may give other rows. */
  readonly varies: boolean;
  readonly keys: readonly Column[];
  readonly consumer: DraftFragment;
  /** The consumer's columns that the keys are compared with. */
  readonly matched: readonly Column[];
  readonly estimate: KeySetEdge['estimate'];
  readonly maxKeys: number;
}

/**
 * Finds the joins of the residual where one side's keys can cut what the other side fetches: inner and semi joins either
 * way, and the side of a left or anti join whose unmatched rows do not count.
 */
export function planKeySets(
  residual: Rel,
  fragments: readonly DraftFragment[],
  context: KeySetContext,
): KeySetPlan {
  const byId = new Map(fragments.map((fragment) => [fragment.id, fragment]));
  const candidates: Candidate[] = [];
  visitRel(residual, (rel) => {
    if (rel.kind === 'join') candidates.push(...candidatesOf(rel, byId, context));
  });
  candidates.sort((a, b) => saved(b) - saved(a));
  const edges: KeySetEdge[] = [];
  const varying: Rel[] = [];
  const cutAlready = new Set<string>();
  for (const candidate of candidates) {
    const edge = toEdge(candidate, `k${edges.length + 1}`);
    const consumer = byId.get(candidate.consumer.id);
    // A second key set on the same columns would save little of what is left, and wait for one more fragment.
    const cut = JSON.stringify([candidate.consumer.id, candidate.matched.map((c) => c.id)]);
    if (consumer === undefined || cutAlready.has(cut) || makesCycle(edge, edges)) continue;
    const relation = restrict(consumer, candidate, edge, context);
    if (relation === undefined) continue;
    byId.set(consumer.id, { ...consumer, relation });
    edges.push(edge);
    cutAlready.add(cut);
    if (candidate.varies) varying.push(candidate.part);
  }
  const holder = new RelationHolder(varying);
  return {
    fragments: fragments.map((fragment) => byId.get(fragment.id) ?? fragment),
    residual: holder.within(residual),
    edges: edges.map((edge) => ({ ...edge, producer: holder.within(edge.producer) })),
    held: holder.held,
  };
}

function candidatesOf(
  join: Join,
  fragments: ReadonlyMap<FragmentId, DraftFragment>,
  context: KeySetContext,
): readonly Candidate[] {
  return producingSides(join.type).flatMap((producing) => {
    const sides = keyedSides(join, producing, context.newId);
    if (sides === undefined || !isSelfContained(sides.producer)) return [];
    return reachable(sides.consumer, sides.pairs, fragments, context).flatMap(({ fragment, pairs }) => {
      return weigh({ ...sides, pairs }, fragment, fragments, context) ?? [];
    });
  });
}

/** The sides whose rows without a match do not count for the other's. */
function producingSides(type: Join['type']): readonly ('left' | 'right')[] {
  switch (type) {
    case 'inner':
    case 'semi':
      return ['left', 'right'];
    case 'left':
    case 'anti':
      return ['left'];
    case 'right':
      return ['right'];
    case 'full':
    case 'mark':
    case 'single':
      return [];
  }
}

function isReadInPlace(fragment: DraftFragment | undefined, context: KeySetContext): boolean {
  return fragment !== undefined && context.info(fragment.source).sourceType === 'local';
}

/** The fragments below `consumer` that a filter on its key columns would reach, with the pairs that get there together. */
function reachable(
  consumer: Rel,
  pairs: readonly KeyPair[],
  fragments: ReadonlyMap<FragmentId, DraftFragment>,
  context: KeySetContext,
): readonly { readonly fragment: DraftFragment; readonly pairs: readonly KeyPair[] }[] {
  const alone = pairs.flatMap(([key, column]) =>
    equalColumns(consumer, column).map((equal) => [[key, equal] as const]),
  );
  const attempts = pairs.length > 1 ? [pairs, ...alone] : alone;
  const found = new Map<FragmentId, { fragment: DraftFragment; pairs: readonly KeyPair[] }>();
  for (const attempt of attempts) {
    const probe: InKeySet = { kind: 'in-key-set', keySet: '', args: attempt.map(([, c]) => columnRef(c)) };
    const pushed = context.pushDown({ kind: 'filter', input: consumer, predicates: [probe] });
    visitRel(pushed, (rel) => {
      if (rel.kind !== 'filter' || rel.input.kind !== 'remote') return;
      const fragment = fragments.get(rel.input.fragment);
      const predicate = rel.predicates.find((p) => p.kind === 'in-key-set' && p.keySet === '');
      if (fragment === undefined || predicate?.kind !== 'in-key-set' || found.has(fragment.id)) return;
      const columns = outputOf(rel.input);
      const reached = attempt.flatMap(([key], i) => {
        const arg = predicate.args[i];
        const column = arg?.kind === 'column' ? columns.find((c) => c.id === arg.id) : undefined;
        return column === undefined ? [] : [[key, column] as const];
      });
      if (reached.length === attempt.length) found.set(fragment.id, { fragment, pairs: reached });
    });
  }
  return [...found.values()];
}

/** The column and those that inner joins of the relation make equal to it. */
function equalColumns(rel: Rel, column: Column): readonly Column[] {
  const outputs = new Map(outputOf(rel).map((c) => [c.id, c]));
  const equal = new Map([[column.id, column]]);
  const equalities: (readonly [ColumnId, ColumnId])[] = [];
  visitRel(rel, (node) => {
    if (node.kind !== 'join' || node.type !== 'inner') return;
    for (const on of node.on) {
      if (on.kind !== 'compare' || on.op !== '=' || on.left.kind !== 'column' || on.right.kind !== 'column')
        continue;
      if (sameType(on.left.type, on.right.type))
        equalities.push([on.left.id, on.right.id], [on.right.id, on.left.id]);
    }
  });
  // A map is walked in order of insertion, so what is added is looked at as well.
  for (const id of equal.keys()) {
    for (const [from, to] of equalities) {
      const found = from === id ? outputs.get(to) : undefined;
      if (found !== undefined) equal.set(to, plain(found));
    }
  }
  return [...equal.values()];
}

/** The candidate with its figures, or undefined when it cannot be sent or would not pay. */
function weigh(
  { side, producer: whole, pairs }: KeyedSides,
  consumer: DraftFragment,
  fragments: ReadonlyMap<FragmentId, DraftFragment>,
  context: KeySetContext,
): Candidate | undefined {
  const info = context.info(consumer.source);
  const capability = info.capabilities.keySets;
  if (capability === undefined || (pairs.length > 1 && !capability.multiColumn)) return undefined;
  const { costs } = context;
  const keys = pairs.map(([key]) => key);
  const matched = pairs.map(([, column]) => column);
  const isFiles = info.sourceType === 'local' || info.sourceType === 'remote-storage';
  const maxKeys = isFiles ? Math.min(maxKeysForFiles, capability.maxKeys) : capability.maxKeys;
  const ids = keys.map(({ id }) => id);
  const count = (rel: Rel): number => costs.distinct(withFragments(rel, fragments), ids);
  const savings = keySavings(consumer.relation, matched, info, costs);
  const most = savings(count(whole)).ms - minMsSaved;
  const producer = narrowed(whole, ids, (rel) => count(rel) <= maxKeys && savings(count(rel)).ms >= most);
  const part = producer === whole ? side : producer;
  const producing = [...fragmentsOf(producer)];
  if (producing.includes(consumer.id)) return undefined;
  // Where DuckDB reads both sides in place, nothing is moved; a key set would only read one of them twice.
  const local = isReadInPlace(consumer, context);
  if (local && producing.every((id) => isReadInPlace(fragments.get(id), context))) return undefined;
  const varies = !isRepeatable(asEvaluated(part, fragments, context));
  if (varies && costs.rows(withFragments(part, fragments)) > maxHeldRows) return undefined;
  const keyCount = count(producer);
  // Waiting for keys that will hardly be sent only keeps the consumer from running at the same time.
  if (keyCount > maxKeys && (isFiles || !isGuess(producer))) return undefined;
  const { rowsWithout, rowsWith, isWorthIt } = savings(keyCount);
  if (!isWorthIt) return undefined;
  const estimate = {
    keys: Math.round(keyCount),
    rowsWithout: Math.round(rowsWithout),
    rowsWith: Math.round(rowsWith),
  };
  return { producer, part, varies, keys, consumer, matched, estimate, maxKeys };
}

/** What DuckDB does each time it reads the relation: the filters and limits of files are its own work, those of a server are done. */
function asEvaluated(
  rel: Rel,
  fragments: ReadonlyMap<FragmentId, DraftFragment>,
  { info }: KeySetContext,
): Rel {
  const files = [...fragments].filter(([, { source }]) => info(source).capabilities.kind === 'plain');
  return withFragments(rel, new Map(files));
}

/** The relation over the tables themselves, for estimates: a leaf alone says nothing of its rows. */
function withFragments(rel: Rel, fragments: ReadonlyMap<FragmentId, DraftFragment>): Rel {
  return rewriteRel(rel, (node) =>
    node.kind === 'remote' ? (fragments.get(node.fragment)?.relation ?? node) : node,
  );
}

/** How many groups a HAVING leaves is anybody's guess. */
function isGuess(producer: Rel): boolean {
  return someRel(producer, (rel) => rel.kind === 'filter' && rel.input.kind === 'aggregate');
}

function saved(candidate: Candidate): number {
  return candidate.estimate.rowsWithout - candidate.estimate.rowsWith;
}

function toEdge(candidate: Candidate, id: string): KeySetEdge {
  return {
    id,
    producer: candidate.producer,
    keys: candidate.keys.map((c) => c.id),
    keyColumns: candidate.keys,
    consumer: candidate.consumer.id,
    maxKeys: candidate.maxKeys,
    emptySkips: true,
    estimate: candidate.estimate,
  };
}

/** The consumer with the key set as a filter, as deep as it may go; undefined where its source cannot say it. */
function restrict(
  consumer: DraftFragment,
  candidate: Candidate,
  edge: KeySetEdge,
  context: KeySetContext,
): Rel | undefined {
  const predicate: InKeySet = { kind: 'in-key-set', keySet: edge.id, args: candidate.matched.map(columnRef) };
  const pushed = context.pushDown({ kind: 'filter', input: consumer.relation, predicates: [predicate] });
  let sayable = true;
  visitRel(pushed, (rel) => {
    if (rel.kind !== 'filter') return;
    for (const p of rel.predicates) {
      if (p.kind === 'in-key-set' && p.keySet === edge.id) {
        sayable &&= context.supports(p, rel.input, consumer.source);
      }
    }
  });
  return sayable ? pushed : undefined;
}

/** Whether a fragment would wait for keys that only come once it has run. */
function makesCycle(edge: KeySetEdge, edges: readonly KeySetEdge[]): boolean {
  const all = [...edges, edge];
  const waitsFor = (fragment: FragmentId, seen: ReadonlySet<FragmentId>): boolean =>
    all
      .filter((e) => e.consumer === fragment)
      .some((e) =>
        [...fragmentsOf(e.producer)].some(
          (f) => f === edge.consumer || (!seen.has(f) && waitsFor(f, new Set([...seen, f]))),
        ),
      );
  return waitsFor(edge.consumer, new Set([edge.consumer]));
}

/** Whether the relation can be evaluated on its own: no reference to a CTE or dependent join around it. */
function isSelfContained(rel: Rel): boolean {
  const ids = new Set<ColumnId>();
  visitRel(rel, (node) => outputIds(node).forEach((id) => ids.add(id)));
  if (someRel(rel, (node) => node.kind === 'cte-ref' || node.kind === 'dependent-scan')) return false;
  return !someRel(rel, (node) =>
    exprsOf(node).some((e) =>
      someExpr(e, (x) => x.kind === 'column' && !ids.has(x.id) && columnsOf(x).size > 0),
    ),
  );
}
