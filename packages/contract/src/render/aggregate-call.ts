import { type AggregateCall, type WindowCall, typeOf } from '../plan/index.js';
import type { AggregateContextInfo, AggregateRule } from './dialect.js';
import { type ExprScope, renderExpr, renderText } from './expression.js';
import { refuse } from './refusal.js';
import { signature, takes } from './rules.js';
import { needGroupable, needOrdered, sortList } from './sort-key.js';

export function renderAggregate(call: AggregateCall, scope: ExprScope): string {
  const orderBy =
    call.orderBy === undefined || call.orderBy.length === 0 ? undefined : sortList(call.orderBy, scope);
  return aggregateText(call, scope, orderBy === undefined ? {} : { orderBy });
}

/** An aggregate's text, as an aggregate or over a window. */
export function aggregateText(
  call: AggregateCall | WindowCall,
  scope: ExprScope,
  extra: Pick<AggregateContextInfo, 'orderBy' | 'over'>,
): string {
  const counts = call.fn === 'count' || call.fn === 'count_star';
  for (const arg of call.args) {
    if (!counts) needOrdered(arg, scope);
    if (call.distinct) needGroupable(arg, scope);
  }
  const args = call.args.map((arg) => renderExpr(arg, scope).sql);
  const types = call.args.map(typeOf);
  const info: AggregateContextInfo = {
    types,
    result: call.type,
    args: call.args,
    distinct: call.distinct,
    ...(call.filter !== undefined && { filter: renderText(call.filter, scope) }),
    ...extra,
  };
  for (const rule of scope.dialect.aggregates.get(call.fn) ?? []) {
    if (!allows(rule, info)) continue;
    const sql = rule.render(args, info);
    if (sql !== undefined) return sql;
  }
  return refuse(
    'AGGREGATE_NOT_IN_DIALECT',
    `no exact counterpart of ${info.over === undefined ? 'the aggregate' : 'the windowed aggregate'} ${signature(call.fn, types)}`,
  );
}

function allows(rule: AggregateRule, info: AggregateContextInfo): boolean {
  return (
    (rule.distinct || !info.distinct) &&
    (rule.ordered === true || info.orderBy === undefined) &&
    (info.over === undefined ||
      rule.window === 'with-distinct' ||
      (rule.window === true && !info.distinct)) &&
    takes(rule.args, rule.variadic === true, info.types)
  );
}
