import { type ColumnId, type DataType, type Join, type Rel, isFloat, outputOf } from '@tributary/contract';
import type { FederatedPlan, FragmentId, KeySetEdge } from '../plan/federated-plan.js';

/** A join that has nothing left to do once its key set was sent: the rows that come are those of the answer. */
export interface KeyedJoin {
  readonly edge: KeySetEdge;
  readonly producer: FragmentId;
  readonly consumer: FragmentId;
  /** Whether it is so only if the producer has each key once; otherwise the join repeats rows. */
  readonly needsUniqueKeys: boolean;
  /** The answer's columns as positions among the consumer's. */
  readonly columns: readonly number[];
}

/**
 * The plan as such a join: two fragments, all of whose conditions are a key set's, and of the producer nothing is wanted but
 * the keys, which the consumer has as well.
 */
export function keyedJoin({ residual, fragments, keySets }: FederatedPlan): KeyedJoin | undefined {
  const [edge, ...others] = keySets;
  if (residual.kind !== 'relation' || edge === undefined || others.length > 0 || fragments.length !== 2)
    return undefined;
  const columns = outputOf(residual.relation).map(({ id }) => id);
  const { rel, ids } = belowPicks(residual.relation, columns);
  if (rel.kind !== 'join' || (rel.type !== 'inner' && rel.type !== 'semi')) return undefined;
  const { producer, consumer } = sides(rel, edge);
  if (producer?.kind !== 'remote' || consumer?.kind !== 'remote') return undefined;
  // A semi join keeps the rows of its left side.
  if (rel.type === 'semi' && consumer !== rel.left) return undefined;
  const request = fragments.find(({ id }) => id === consumer.fragment)?.remote.request;
  // A plain source may leave rows in that it cannot tell from those wanted.
  if (request?.kind !== 'relational') return undefined;
  const matched = matchedColumns(rel, edge);
  if (matched === undefined) return undefined;
  const own = outputOf(consumer).map(({ id }) => id);
  const positions = ids.map((id) => own.indexOf(matched.get(id) ?? id));
  if (positions.includes(-1)) return undefined;
  return {
    edge,
    producer: producer.fragment,
    consumer: consumer.fragment,
    needsUniqueKeys: rel.type === 'inner',
    columns: positions,
  };
}

/** The relation below projections that only choose columns, and by which ids it has the given ones. */
function belowPicks(
  rel: Rel,
  ids: readonly ColumnId[],
): { readonly rel: Rel; readonly ids: readonly ColumnId[] } {
  if (rel.kind !== 'project') return { rel, ids };
  const below = ids.map((id) => rel.columns.find((column) => column.id === id)?.expr);
  const picked = below.flatMap((expr) => (expr?.kind === 'column' ? [expr.id] : []));
  return picked.length === ids.length ? belowPicks(rel.input, picked) : { rel, ids };
}

function sides(
  { left, right }: Join,
  { consumer }: KeySetEdge,
): { readonly producer?: Rel; readonly consumer?: Rel } {
  if (left.kind === 'remote' && left.fragment === consumer) return { producer: right, consumer: left };
  if (right.kind === 'remote' && right.fragment === consumer) return { producer: left, consumer: right };
  return {};
}

/** The consumer's column for each key; undefined where the join asks for anything else than that they be equal. */
function matchedColumns(
  { on }: Join,
  { keys, keyColumns }: KeySetEdge,
): ReadonlyMap<ColumnId, ColumnId> | undefined {
  const pairs = on.flatMap((condition): (readonly [ColumnId, ColumnId])[] => {
    if (condition.kind !== 'compare' || condition.op !== '=') return [];
    const { left, right } = condition;
    if (left.kind !== 'column' || right.kind !== 'column') return [];
    return keys.includes(left.id) ? [[left.id, right.id]] : [[right.id, left.id]];
  });
  const matched = new Map(pairs);
  const isAll =
    pairs.length === on.length && matched.size === keys.length && keys.every((key) => matched.has(key));
  return isAll && keyColumns.every(({ type }) => isSameWhenEqual(type)) ? matched : undefined;
}

/** Whether equal values are the same value: 0.0 equals -0.0. */
function isSameWhenEqual(type: DataType): boolean {
  return !isFloat(type) && !isNested(type) && type.id !== 'interval' && type.id !== 'timetz';
}

function isNested(type: DataType): boolean {
  return type.id === 'list' || type.id === 'array' || type.id === 'struct' || type.id === 'map';
}
