import {
  type ColumnId,
  type DataType,
  type Expr,
  type Rel,
  type With,
  mapInputs,
  visitRel,
} from '@tributary/contract';
import { type Rule, nodeRule } from '../rule.js';

/** Puts a CTE that is read once, or not at all, in its place, where filters and columns can reach it. */
export const inlineCtes: Rule = nodeRule(
  'inline-ctes',
  'Replaces a CTE that is read once by its definition and drops one that is never read.',
  (rel) => {
    if (rel.kind !== 'with') return rel;
    const reads = readsOf(rel);
    if (reads > 1) return rel;
    return reads === 0 ? rel.body : replaceReads(rel.body, rel);
  },
);

function readsOf(rel: With): number {
  let reads = 0;
  visitRel(rel.body, (r) => {
    if (r.kind === 'cte-ref' && r.cte === rel.id) reads += 1;
  });
  return reads;
}

function replaceReads(rel: Rel, cte: With): Rel {
  if (rel.kind !== 'cte-ref' || rel.cte !== cte.id)
    return mapInputs(rel, (input) => replaceReads(input, cte));
  return {
    kind: 'project',
    input: cte.definition,
    columns: rel.columns.map((column, i) => ({
      ...column,
      expr: feed(rel.feeds[i] ?? column.id, column.type),
    })),
  };
}

function feed(id: ColumnId, type: DataType): Expr {
  return { kind: 'column', id, type };
}
