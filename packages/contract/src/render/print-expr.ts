import type { ColumnId, Expr } from '../plan/index.js';
import { duckdbDialect } from './duckdb/dialect.js';
import { renderText } from './expression.js';
import { atom } from './text.js';

/** An expression as readable DuckDB SQL, for people: columns by the names given, parameters as they were written. */
export function printExpr(expr: Expr, nameOf: (id: ColumnId) => string): string {
  return renderText(expr, {
    dialect: duckdbDialect,
    column: (id) => atom(nameOf(id)),
    fidelity: () => 'ordered',
    parameter: (parameter) => `$${parameter.name}`,
    keySet: (predicate, args) =>
      `${args.length === 1 ? args.join('') : `(${args.join(', ')})`} IN key set ${predicate.keySet}`,
  });
}
