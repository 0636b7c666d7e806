import { type ColumnId, type Expr, type Rel, outputOf, visitRel } from '@tributary/contract/plan';
import { printExpr } from '@tributary/contract/render';
import type { Describe } from '../split/decisions.js';

/** Readable texts for a plan's decisions, with the names that its columns have. */
export function describePlan(root: Rel): Describe {
  const names = new Map<ColumnId, string>();
  visitRel(root, (rel) => {
    for (const column of outputOf(rel)) if (!names.has(column.id)) names.set(column.id, column.name);
  });
  const expr = (e: Expr): string => printExpr(e, (id) => names.get(id) ?? `#${id}`);
  return { expr, rel: (rel) => operatorText(rel, expr) };
}

/** A constant expression as DuckDB SQL, for evaluation. */
export function renderConstant(expr: Expr): string {
  return printExpr(expr, (id) => `#${id}`);
}

function operatorText(rel: Rel, expr: (e: Expr) => string): string {
  const list = (exprs: readonly Expr[]): string => exprs.map(expr).join(', ');
  switch (rel.kind) {
    case 'project':
      return list(rel.columns.flatMap((c) => (c.expr.kind === 'column' ? [] : [c.expr])));
    case 'aggregate': {
      const calls = rel.aggregates.map(
        ({ call }) => `${call.fn}(${call.distinct ? 'DISTINCT ' : ''}${list(call.args)})`,
      );
      const groups = list(rel.groups.map((g) => g.expr));
      return [calls.join(', '), groups && `GROUP BY ${groups}`].filter((part) => part !== '').join(' ');
    }
    case 'join':
    case 'dependent-join': {
      const on = rel.on.map(expr).join(' AND ');
      return on === '' ? `${rel.type} join` : `${rel.type} join on ${on}`;
    }
    case 'set-operation':
      return `${rel.op}${rel.all ? ' all' : ''} of ${rel.inputs.length}`;
    case 'distinct':
      return rel.on === undefined ? 'distinct' : `distinct on ${list(rel.on)}`;
    case 'window':
      return rel.functions.map(({ call }) => `${call.fn}(${list(call.args)}) OVER (…)`).join(', ');
    case 'sort':
      return rel.keys.map((k) => `${expr(k.expr)}${k.descending ? ' DESC' : ''}`).join(', ');
    case 'limit': {
      const amount = (e: Expr): string => (e.kind === 'literal' ? (e.value ?? 'NULL') : expr(e));
      const offset = rel.offset === undefined ? '' : ` offset ${amount(rel.offset)}`;
      const limit = rel.limit === undefined ? '' : `limit ${amount(rel.limit)}`;
      const order = rel.input.kind === 'sort' ? ` by ${operatorText(rel.input, expr)}` : '';
      return `${limit}${offset}${order}`.trim();
    }
    case 'filter':
      return rel.predicates.map(expr).join(' AND ');
    case 'scan':
      return [rel.source, ...rel.table].join('.');
    case 'values':
    case 'dependent-scan':
    case 'with':
    case 'cte-ref':
    case 'remote':
      return rel.kind;
  }
}
