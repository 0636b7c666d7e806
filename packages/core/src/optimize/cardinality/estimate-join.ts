import {
  type ColumnId,
  type DependentJoin,
  type Expr,
  type Join,
  type Rel,
  columnsOf,
} from '@tributary/contract';
import { outputIdsOf } from '../facts/output-ids.js';
import type { OptimizeContext } from '../context.js';
import { type ColumnProfile, type Profile, defaultBytes, weaker, withRows } from './profile.js';
import { selectivityOfAll } from './selectivity.js';

/** `|L| |R| / max(NDV)` for inner joins, and what follows from it for the others. */
export function joinProfile(
  rel: Join | DependentJoin,
  left: Profile,
  right: Profile,
  ctx: OptimizeContext,
): Profile {
  const both: Profile = {
    rows: left.rows * right.rows,
    columns: new Map([...left.columns, ...right.columns]),
    origin: weaker(left.origin, right.origin),
  };
  const [keys, others] = splitConditions(rel.on, outputIdsOf(rel.left));
  const rest = selectivityOfAll(others, both);
  switch (rel.type) {
    case 'inner':
      return withRows(both, matches(rel, keys, left, right, ctx) * rest);
    case 'left':
      return withRows(both, Math.max(left.rows, matches(rel, keys, left, right, ctx) * rest));
    case 'right':
      return withRows(both, Math.max(right.rows, matches(rel, keys, left, right, ctx) * rest));
    case 'full':
      return withRows(both, Math.max(left.rows + right.rows, matches(rel, keys, left, right, ctx) * rest));
    case 'single':
      return withRows(both, left.rows);
    case 'semi':
      return withRows(left, left.rows * matchedShare(keys, left, right, rest));
    case 'anti':
      return withRows(left, left.rows * Math.max(0.05, 1 - matchedShare(keys, left, right, rest)));
    case 'mark': {
      const { mark } = rel;
      if (mark === undefined) return left;
      const column: ColumnProfile = {
        type: mark.type,
        distinct: 2,
        nullFraction: 0,
        bytes: defaultBytes(mark.type),
      };
      return { ...left, columns: new Map([...left.columns, [mark.id, column]]) };
    }
  }
}

/** An equality between a column of each side. */
interface KeyPair {
  readonly left: ColumnId;
  readonly right: ColumnId;
}

function splitConditions(
  on: readonly Expr[],
  leftIds: ReadonlySet<ColumnId>,
): readonly [readonly KeyPair[], readonly Expr[]] {
  const keys: KeyPair[] = [];
  const others: Expr[] = [];
  for (const c of on) {
    const pair = keyPair(c, leftIds);
    if (pair === undefined) others.push(c);
    else keys.push(pair);
  }
  return [keys, others];
}

/** The columns that an equality compares; for an expression, its first column stands for it. */
function keyPair(condition: Expr, leftIds: ReadonlySet<ColumnId>): KeyPair | undefined {
  if (condition.kind !== 'compare' || (condition.op !== '=' && condition.op !== 'is-not-distinct'))
    return undefined;
  const [a] = columnsOf(condition.left);
  const [b] = columnsOf(condition.right);
  if (a === undefined || b === undefined || leftIds.has(a) === leftIds.has(b)) return undefined;
  return leftIds.has(a) ? { left: a, right: b } : { left: b, right: a };
}

/** Estimated pairs that satisfy the equalities. */
function matches(
  rel: Join | DependentJoin,
  keys: readonly KeyPair[],
  left: Profile,
  right: Profile,
  ctx: OptimizeContext,
): number {
  if (keys.length === 0) return left.rows * right.rows;
  const rightKey = keyTableRows(
    rel.right,
    keys.map((k) => k.right),
    ctx,
  );
  if (rightKey !== undefined) return left.rows * (right.rows / rightKey);
  const leftKey = keyTableRows(
    rel.left,
    keys.map((k) => k.left),
    ctx,
  );
  if (leftKey !== undefined) return right.rows * (left.rows / leftKey);
  // Further keys are seldom independent of the first: each counts by half as much, as in SQL Server's back-off.
  const shares = keys
    .map((k) => 1 / Math.max(distinct(left, k.left), distinct(right, k.right)))
    .toSorted((a, b) => a - b);
  return shares.reduce((rows, share, i) => rows * share ** (1 / 2 ** i), left.rows * right.rows);
}

/**
 * Rows of the table whose primary or unique key the columns hold. Statistics of a column's distinct values are a sample's and
 * often several times too small; of a key they are known.
 */
function keyTableRows(rel: Rel, columns: readonly ColumnId[], ctx: OptimizeContext): number | undefined {
  switch (rel.kind) {
    case 'scan': {
      const schema = ctx.schema(rel.source, rel.table);
      const statistics = ctx.statistics(rel.source, rel.table);
      if (schema === undefined || statistics === undefined) return undefined;
      const names = new Set(columns.flatMap((id) => rel.columns.find((c) => c.id === id)?.name ?? []));
      const found = [schema.primaryKey, ...schema.uniqueKeys].some(
        (key) => key.length > 0 && key.every((name) => names.has(name)),
      );
      return found ? Math.max(1, statistics.rows) : undefined;
    }
    case 'filter':
    case 'sort':
      return keyTableRows(rel.input, columns, ctx);
    case 'project': {
      const below = columns.flatMap((id) => {
        const expr = rel.columns.find((c) => c.id === id)?.expr;
        return expr?.kind === 'column' ? [expr.id] : [];
      });
      return keyTableRows(rel.input, below, ctx);
    }
    case 'join':
      return keyTableRows(rel.left, columns, ctx) ?? keyTableRows(rel.right, columns, ctx);
    case 'values':
    case 'aggregate':
    case 'dependent-join':
    case 'dependent-scan':
    case 'set-operation':
    case 'distinct':
    case 'window':
    case 'limit':
    case 'with':
    case 'cte-ref':
    case 'remote':
      return undefined;
  }
}

/** Share of left rows with a match: the keys of the smaller set of values are taken to be among the larger's. */
function matchedShare(keys: readonly KeyPair[], left: Profile, right: Profile, rest: number): number {
  if (keys.length === 0) return right.rows >= 1 ? Math.max(rest, 0.5) : right.rows;
  const shares = keys.map((k) => Math.min(1, distinct(right, k.right) / distinct(left, k.left)));
  return Math.min(...shares) * rest;
}

function distinct(profile: Profile, id: ColumnId): number {
  return Math.max(1, profile.columns.get(id)?.distinct ?? profile.rows * 0.1);
}
