import { type ColumnId, type Expr, type Rel, sameType, typeOf } from '@tributary/contract';
import { outputIdsOf } from './output-ids.js';
import type { OptimizeContext } from '../context.js';

/** Columns that no two rows share; the empty set: at most one row. */
export type Key = ReadonlySet<ColumnId>;

/** Column sets of the relation's output that are unique, NULLs counted as values. */
function keysOf(rel: Rel, ctx: OptimizeContext): readonly Key[] {
  switch (rel.kind) {
    case 'scan': {
      const schema = ctx.schema(rel.source, rel.table);
      if (schema === undefined) return [];
      const ids = new Map(rel.columns.map((c) => [c.name, c.id]));
      return [schema.primaryKey, ...schema.uniqueKeys].flatMap((names) => {
        const key = names.map((name) => ids.get(name));
        return names.length > 0 && key.every((id) => id !== undefined) ? [new Set(key)] : [];
      });
    }
    case 'values':
      return rel.rows.length <= 1 ? [new Set()] : [];
    case 'filter':
      return pinned(keysOf(rel.input, ctx), rel.predicates);
    case 'project': {
      const renamed = new Map<ColumnId, ColumnId>();
      for (const c of rel.columns) if (c.expr.kind === 'column') renamed.set(c.expr.id, c.id);
      return keysOf(rel.input, ctx).flatMap((key) => {
        const ids = [...key].map((id) => renamed.get(id));
        return ids.every((id) => id !== undefined) ? [new Set(ids)] : [];
      });
    }
    case 'aggregate':
      if (rel.groupingSets !== undefined) return [];
      return [new Set(rel.groups.map((g) => g.id))];
    case 'distinct': {
      const inner = keysOf(rel.input, ctx);
      if (rel.on === undefined) return [...inner, outputIdsOf(rel.input)];
      const ids = rel.on.map((e) => (e.kind === 'column' ? e.id : undefined));
      return ids.every((id) => id !== undefined) ? [...inner, new Set(ids)] : inner;
    }
    case 'window':
    case 'sort':
      return keysOf(rel.input, ctx);
    case 'limit':
      return rel.limit?.kind === 'literal' && rel.limit.value === '1' ? [new Set()] : keysOf(rel.input, ctx);
    case 'with':
      return keysOf(rel.body, ctx);
    case 'dependent-scan':
      return [new Set(rel.columns.map((c) => c.id))];
    case 'set-operation':
      return rel.all ? [] : [new Set(rel.columns.map((c) => c.id))];
    case 'join':
    case 'dependent-join':
      return joinKeys(rel, ctx);
    case 'cte-ref':
    case 'remote':
      return [];
  }
}

/** Whether the columns hold a key. */
export function isUnique(rel: Rel, columns: ReadonlySet<ColumnId>, ctx: OptimizeContext): boolean {
  return keysOf(rel, ctx).some((key) => key.isSubsetOf(columns));
}

/** Right-hand columns that the conditions pin to one value per left row. */
export function matchedColumns(on: readonly Expr[], side: ReadonlySet<ColumnId>): ReadonlySet<ColumnId> {
  const found = new Set<ColumnId>();
  for (const c of on) {
    if (c.kind !== 'compare' || (c.op !== '=' && c.op !== 'is-not-distinct')) continue;
    const inside = [c.left, c.right].filter((e) => e.kind === 'column' && side.has(e.id));
    const [column] = inside;
    if (inside.length === 1 && column?.kind === 'column') found.add(column.id);
  }
  return found;
}

function joinKeys(
  rel: Rel & { readonly kind: 'join' | 'dependent-join' },
  ctx: OptimizeContext,
): readonly Key[] {
  const left = keysOf(rel.left, ctx);
  switch (rel.type) {
    case 'semi':
    case 'anti':
    case 'mark':
    case 'single':
      return left;
    case 'inner':
    case 'left':
    case 'right':
    case 'full':
      break;
  }
  const right = keysOf(rel.right, ctx);
  const leftMatched = matchedColumns(rel.on, outputIdsOf(rel.left));
  const rightMatched = matchedColumns(rel.on, outputIdsOf(rel.right));
  const keys: Key[] = [];
  const rightOnce = right.some((key) => key.isSubsetOf(rightMatched));
  const leftOnce = left.some((key) => key.isSubsetOf(leftMatched));
  if (rightOnce && (rel.type === 'inner' || rel.type === 'left')) keys.push(...left);
  if (leftOnce && (rel.type === 'inner' || rel.type === 'right')) keys.push(...right);
  if (rel.type !== 'full') for (const a of left) for (const b of right) keys.push(a.union(b));
  return keys.slice(0, 8);
}

/** A column that a filter sets equal to a constant adds nothing to a key. */
function pinned(keys: readonly Key[], predicates: readonly Expr[]): readonly Key[] {
  const fixed = new Set<ColumnId>();
  for (const p of predicates) {
    if (p.kind !== 'compare' || p.op !== '=' || p.left.kind !== 'column') continue;
    const constant = p.right.kind === 'literal' || p.right.kind === 'parameter';
    if (constant && sameType(p.left.type, typeOf(p.right))) fixed.add(p.left.id);
  }
  return fixed.size === 0 ? keys : keys.map((key) => key.difference(fixed));
}
