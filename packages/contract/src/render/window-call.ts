import { type FrameBound, type WindowCall, typeOf } from '../plan/index.js';
import { aggregateText } from './aggregate-call.js';
import { type ExprScope, renderExpr, renderText } from './expression.js';
import { refuse } from './refusal.js';
import { applyFunctionRule, signature } from './rules.js';
import { needGroupable, needOrdered, sortList } from './sort-key.js';
import { inPlace, level } from './text.js';

/** A window function with its OVER clause. */
export function renderWindow(call: WindowCall, scope: ExprScope): string {
  if (scope.dialect.windowCall?.(call) === false) {
    return refuse('WINDOW_NOT_IN_DIALECT', `${call.fn} has a frame or a clause that the database lacks`);
  }
  const over = `OVER (${windowText(call, scope)})`;
  if (!frameless.has(call.fn) && !framed.has(call.fn)) {
    if (call.ignoreNulls) refuse('WINDOW_NOT_IN_DIALECT', `${call.fn} cannot ignore NULLs`);
    return aggregateText(call, scope, { over });
  }
  for (const arg of call.args) needOrdered(arg, scope);
  const args = call.args.map((arg) => renderExpr(arg, scope).sql);
  const types = call.args.map(typeOf);
  const info = { types, result: call.type, args: call.args };
  const sql = applyFunctionRule(scope.dialect.windowFunctions?.get(call.fn), args, info);
  if (sql === undefined || call.distinct) {
    return refuse(
      'WINDOW_NOT_IN_DIALECT',
      `no exact counterpart of the window function ${signature(call.fn, types)}`,
    );
  }
  const nulls = call.ignoreNulls ? scope.dialect.ignoreNulls?.(sql) : sql;
  if (nulls === undefined) return refuse('WINDOW_NOT_IN_DIALECT', `${call.fn} cannot ignore NULLs`);
  const filter = call.filter === undefined ? '' : ` FILTER (WHERE ${renderText(call.filter, scope)})`;
  return `${nulls}${filter} ${over}`;
}

function windowText(call: WindowCall, scope: ExprScope): string {
  const parts: string[] = [];
  if (call.partitionBy.length > 0) {
    for (const expr of call.partitionBy) needGroupable(expr, scope);
    parts.push(`PARTITION BY ${call.partitionBy.map((expr) => renderText(expr, scope)).join(', ')}`);
  }
  if (call.orderBy.length > 0) parts.push(`ORDER BY ${sortList(call.orderBy, scope)}`);
  const frame = frameText(call, scope);
  if (frame !== undefined) parts.push(frame);
  return parts.join(' ');
}

/** The frame clause; none for the standard's default and for functions that know no frame. */
function frameText(call: WindowCall, scope: ExprScope): string | undefined {
  const { unit, start, end, exclude } = call.frame;
  const isDefault =
    unit === 'range' &&
    start.kind === 'unbounded-preceding' &&
    end.kind === 'current-row' &&
    exclude === 'no-others';
  if (isDefault || frameless.has(call.fn)) return undefined;
  const exclusion = exclude === 'no-others' ? '' : ` EXCLUDE ${exclude.replace('-', ' ').toUpperCase()}`;
  return `${unit.toUpperCase()} BETWEEN ${bound(start, scope)} AND ${bound(end, scope)}${exclusion}`;
}

function bound(frameBound: FrameBound, scope: ExprScope): string {
  switch (frameBound.kind) {
    case 'unbounded-preceding':
      return 'UNBOUNDED PRECEDING';
    case 'unbounded-following':
      return 'UNBOUNDED FOLLOWING';
    case 'current-row':
      return 'CURRENT ROW';
    case 'preceding':
    case 'following':
      return `${inPlace(renderExpr(frameBound.offset, scope), level.atom)} ${frameBound.kind.toUpperCase()}`;
  }
}

/** Functions that take the whole partition whatever the frame says. */
const frameless: ReadonlySet<string> = new Set([
  'row_number',
  'rank',
  'dense_rank',
  'rank_dense',
  'percent_rank',
  'cume_dist',
  'ntile',
  'lead',
  'lag',
]);

/** Functions of the frame that are no aggregates; every other name is an aggregate over the window. */
const framed: ReadonlySet<string> = new Set([
  'first_value',
  'last_value',
  'nth_value',
  'first',
  'last',
  'fill',
]);
