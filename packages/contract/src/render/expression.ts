import {
  type ColumnId,
  type ComparisonFidelity,
  type Expr,
  type InKeySet,
  type InList,
  type Literal,
  type Parameter,
  typeName,
  typeOf,
} from '../plan/index.js';
import type { SqlDialect } from './dialect.js';
import { handsOn, suffices, valueFidelity } from './fidelity.js';
import { refuse } from './refusal.js';
import { applyFunctionRule, signature } from './rules.js';
import { type Piece, atom, inPlace, level, unwrap } from './text.js';

/** What an expression's leaves become. */
export interface ExprScope {
  readonly dialect: SqlDialect;
  readonly column: (id: ColumnId) => Piece;
  readonly fidelity: (id: ColumnId) => ComparisonFidelity;
  readonly parameter: (parameter: Parameter) => string;
  readonly keySet: (predicate: InKeySet, args: readonly string[]) => string;
}

/**
 * An expression as SQL of the scope's dialect.
 *
 * @throws RenderRefusal where the dialect has no exact rendering.
 */
export function renderExpr(expr: Expr, scope: ExprScope): Piece {
  switch (expr.kind) {
    case 'column':
      return scope.column(expr.id);
    case 'literal':
      return atom(literalText(expr, scope));
    case 'parameter':
      return atom(scope.parameter(expr));
    case 'call': {
      if (!handsOn(expr.fn)) needAll(expr.args, 'ordered', scope);
      const args = expr.args.map((arg) => renderExpr(arg, scope)).map((piece) => inPlace(piece, level.atom));
      const types = expr.args.map(typeOf);
      const info = { types, result: expr.type, args: expr.args };
      const sql = applyFunctionRule(scope.dialect.functions.get(expr.fn), args, info);
      return atom(
        sql ?? refuse('FUNCTION_NOT_IN_DIALECT', `no exact counterpart of ${signature(expr.fn, types)}`),
      );
    }
    case 'compare': {
      const needed =
        expr.op === '<' || expr.op === '<=' || expr.op === '>' || expr.op === '>=' ? 'ordered' : 'equality';
      needAll([expr.left, expr.right], needed, scope);
      const left = operand(expr.left, expr.right, scope);
      const right = operand(expr.right, expr.left, scope);
      return comparison(expr.op, left, right, expr.left, scope);
    }
    case 'and':
    case 'or': {
      const needed = expr.kind === 'and' ? level.not : level.and;
      const args = expr.args.map((arg) => inPlace(renderExpr(arg, scope), needed));
      return { sql: args.join(expr.kind === 'and' ? ' AND ' : ' OR '), level: level[expr.kind] };
    }
    case 'not':
      return { sql: `NOT ${inPlace(renderExpr(expr.arg, scope), level.atom)}`, level: level.not };
    case 'is-null': {
      const arg = inPlace(renderExpr(expr.arg, scope), level.atom);
      return { sql: `${arg} IS ${expr.negated ? 'NOT ' : ''}NULL`, level: level.comparison };
    }
    case 'in':
      return inList(expr, scope);
    case 'in-key-set': {
      needAll(expr.args, 'equality', scope);
      const args = expr.args.map((arg) => inPlace(renderExpr(arg, scope), level.atom));
      return atom(scope.keySet(expr, args));
    }
    case 'case': {
      const branches = expr.branches.map(
        (branch) => `WHEN ${renderText(branch.when, scope)} THEN ${renderText(branch.then, scope)}`,
      );
      return atom(`CASE ${branches.join(' ')} ELSE ${renderText(expr.otherwise, scope)} END`);
    }
    case 'cast': {
      needAll([expr.arg], 'ordered', scope);
      const from = typeOf(expr.arg);
      const sql = scope.dialect.cast(
        inPlace(renderExpr(expr.arg, scope), level.atom),
        from,
        expr.type,
        expr.try,
      );
      const name = expr.try ? 'TRY_CAST' : 'CAST';
      return atom(
        sql ??
          refuse(
            'CAST_DIFFERS',
            `no exact counterpart of ${name} from ${typeName(from)} to ${typeName(expr.type)}`,
          ),
      );
    }
  }
}

/** An expression for a place that keywords or commas delimit: no parentheses around the whole. */
export function renderText(expr: Expr, scope: ExprScope): string {
  return unwrap(renderExpr(expr, scope).sql);
}

/** `column IS NOT DISTINCT FROM …` and its kin for operands that stand already as text. */
function comparison(
  op: Extract<Expr, { kind: 'compare' }>['op'],
  left: string,
  right: string,
  typed: Expr,
  scope: ExprScope,
): Piece {
  const type = typeOf(typed);
  const sql = scope.dialect.comparison(op, left, right, type);
  if (sql === undefined) {
    return refuse(
      type.id === 'varchar' ? 'TEXT_COMPARISON_DIFFERS' : 'COMPARISON_DIFFERS',
      `no exact counterpart of ${op} on ${typeName(type)}`,
    );
  }
  const bare = `${left} ${op} ${right}`;
  if (sql === bare || sql === `(${bare})`) return { sql: bare, level: level.comparison };
  return { sql, level: sql.startsWith('(') && unwrap(sql) !== sql ? level.atom : level.comparison };
}

/** Whether the dialect compares the type's values for equality by a plain `=`, so that IN agrees with it. */
export function hasPlainEquality(typed: Expr, scope: ExprScope): boolean {
  const sql = scope.dialect.comparison('=', 'l', 'r', typeOf(typed));
  return sql === 'l = r' || sql === '(l = r)';
}

export function literalText(literal: Literal, scope: Pick<ExprScope, 'dialect'>): string {
  return (
    scope.dialect.literal(literal) ??
    refuse('LITERAL_NOT_EXACT', `no exact way to write this constant of ${typeName(literal.type)}`)
  );
}

/** An operand of a comparison; a constant against something that carries its type may be written short. */
function operand(expr: Expr, other: Expr, scope: ExprScope): string {
  const short =
    expr.kind === 'literal' && other.kind !== 'literal' && other.kind !== 'parameter'
      ? scope.dialect.comparand?.(expr)
      : undefined;
  return short ?? inPlace(renderExpr(expr, scope), level.atom);
}

function inList(expr: InList, scope: ExprScope): Piece {
  needAll([expr.arg, ...expr.list], 'equality', scope);
  if (!hasPlainEquality(expr.arg, scope) || scope.dialect.plainInList?.(expr.list) === false) {
    const left = operand(expr.arg, expr.arg, scope);
    const equalities = expr.list.map((item) =>
      inPlace(comparison('=', left, operand(item, expr.arg, scope), expr.arg, scope), level.not),
    );
    const any = `(${equalities.join(' OR ')})`;
    return expr.negated ? { sql: `NOT ${any}`, level: level.not } : atom(any);
  }
  const arg = inPlace(renderExpr(expr.arg, scope), level.atom);
  const list = expr.list.map((item) => unwrap(operand(item, expr.arg, scope)));
  return { sql: `${arg} ${expr.negated ? 'NOT ' : ''}IN (${list.join(', ')})`, level: level.comparison };
}

function needAll(exprs: readonly Expr[], needed: ComparisonFidelity, scope: ExprScope): void {
  for (const expr of exprs) {
    const has = valueFidelity(expr, scope.fidelity);
    if (suffices(has, needed)) continue;
    if (needed === 'equality') refuse('COLUMN_NOT_COMPARABLE');
    refuse(has === 'none' ? 'COLUMN_NOT_COMPARABLE' : 'COLUMN_NOT_ORDERED');
  }
}
