import {
  type AggregateCall,
  type Expr,
  type Rel,
  isExactNumber,
  outputOf,
  someExpr,
  typeOf,
} from '@tributary/contract/plan';
import type { FederatedDataSourceInfo } from '@tributary/contract/source';
import { Estimator, type OptimizeContext } from '../optimize/index.js';
import type { SplitCosts } from '../split/cost-model.js';

/**
 * Milliseconds per row (or group, or value) of an operator in a row store and in DuckDB. Measured with TPC-H at scale
 * factor 1 on two cores; see docs/architecture.md, "Cost". Only their ratios decide anything.
 */
const source = {
  scan: 5e-5,
  filter: 2e-5,
  /** A row of the smaller side goes into a hash table, one of the larger side is looked up, one of the result is made. */
  joinBuild: 2e-4,
  joinProbe: 8e-5,
  joinOutput: 2e-4,
  /** An arithmetic operation or function call; decimals are computed digit by digit. */
  expression: 2e-5,
  decimalExpression: 6e-5,
  aggregateRow: 2e-5,
  aggregateValue: 3e-5,
  aggregateDecimal: 5e-5,
  /** Finding a row's group; then once per group. */
  groupRow: 1.2e-4,
  group: 2e-4,
  /** An input row where the groups are more than a server's working memory holds: rows are sorted, or spilled and read again. */
  spilledRow: 6e-4,
  sort: 3e-4,
  window: 1.5e-3,
  /** Making a result: per row and per value. */
  sendRow: 1e-4,
  sendValue: 5e-5,
};

const local = {
  filter: 2e-6,
  expression: 2e-6,
  join: 2e-5,
  aggregateRow: 1e-5,
  group: 5e-5,
  sort: 1e-4,
  window: 2e-4,
};

/** Groups (or distinct rows) that a server's working memory holds: 4 MB in PostgreSQL's default. */
const groupsInMemory = 50_000;

/** A source whose data DuckDB reads by itself makes its result about this much cheaper than a server does. */
const directRead = 0.05;

/** Fixed cost of a residual: planning it, staging its inputs, running one more statement. */
const residualMs = 5;

/** Fixed cost of a fragment beside the round trip: a statement, a spool file, a relation. */
const perFragmentMs = 1;

export function planningCosts(context: OptimizeContext, plan: Rel): SplitCosts {
  const estimator = new Estimator(context, plan);
  const rows = (rel: Rel): number => estimator.rows(rel);
  const infoOf = (id: string): FederatedDataSourceInfo | undefined => context.info(id);
  return {
    rows,
    residualMs,
    rowBytes: (rel) => estimator.rowBytes(rel),
    distinct: (rel, columns) => estimator.distinct(rel, columns),
    origin: (rel) => estimator.origin(rel),
    sourceWork: (rel, id) =>
      sourceWork(rel, rows) * (infoOf(id)?.costMultiplier ?? 1) * directness(infoOf(id)),
    localWork: (rel) => localWork(rel, rows),
    transfer: (rel, id) => perFragmentMs + (infoOf(id)?.latencyMs ?? 1) + rowsMs(rel, infoOf(id)),
    rowsTransfer: (rel, id) => rowsMs(rel, infoOf(id)),
  };

  function rowsMs(rel: Rel, info: FederatedDataSourceInfo | undefined): number {
    const count = rows(rel);
    const making = count * (source.sendRow + source.sendValue * outputOf(rel).length) * directness(info);
    const moving = (count * estimator.rowBytes(rel) * 8) / ((info?.bandwidthMbps ?? 1_000) * 1_000);
    return making + moving;
  }
}

function directness(info: FederatedDataSourceInfo | undefined): number {
  return info?.capabilities.kind === 'plain' ? directRead : 1;
}

function sourceWork(rel: Rel, rows: (rel: Rel) => number): number {
  switch (rel.kind) {
    case 'scan':
      return rows(rel) * source.scan;
    case 'filter':
      return rows(rel.input) * source.filter * rel.predicates.length;
    case 'project':
      return rows(rel.input) * sum(rel.columns, (column) => expressionWork(column.expr));
    case 'join':
    case 'dependent-join':
      return joinWork(rows(rel.left), rows(rel.right), rows(rel));
    case 'aggregate':
      return (
        rows(rel.input) * sum(rel.aggregates, ({ call }) => aggregateWork(call), source.aggregateRow) +
        (rel.groups.length > 0 ? groupWork(rows(rel.input), rows(rel)) : 0)
      );
    case 'distinct':
      return groupWork(rows(rel.input), rows(rel));
    case 'set-operation': {
      const all = sum(rel.inputs, rows);
      return rel.op === 'union' && rel.all ? 0 : groupWork(all, all);
    }
    case 'window':
      return rows(rel.input) * source.window * rel.functions.length;
    case 'sort':
      return rows(rel.input) * source.sort;
    case 'limit':
    case 'values':
    case 'dependent-scan':
    case 'with':
    case 'cte-ref':
    case 'remote':
      return 0;
  }
}

function joinWork(left: number, right: number, result: number): number {
  const [build, probe] = left < right ? [left, right] : [right, left];
  return build * source.joinBuild + probe * source.joinProbe + result * source.joinOutput;
}

function groupWork(inputRows: number, groups: number): number {
  const perRow = source.groupRow + (groups > groupsInMemory ? source.spilledRow : 0);
  return inputRows * perRow + groups * source.group;
}

function aggregateWork(call: AggregateCall): number {
  const value = call.args.some(isDecimal) ? source.aggregateDecimal : source.aggregateValue;
  // The values of a DISTINCT aggregate are sorted.
  return sum(call.args, expressionWork, value + (call.distinct ? source.sort : 0));
}

function expressionWork(expr: Expr): number {
  let work = 0;
  someExpr(expr, (e) => {
    if (e.kind === 'call') work += isDecimal(e) ? source.decimalExpression : source.expression;
    return false;
  });
  return work;
}

function isDecimal(expr: Expr): boolean {
  const type = typeOf(expr);
  return type.id === 'decimal' && isExactNumber(type);
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number, first = 0): number {
  return items.reduce((total, item) => total + valueOf(item), first);
}

function localWork(rel: Rel, rows: (rel: Rel) => number): number {
  switch (rel.kind) {
    case 'filter':
      return rows(rel.input) * local.filter * rel.predicates.length;
    case 'project':
      return rows(rel.input) * local.expression * rel.columns.filter((c) => c.expr.kind !== 'column').length;
    case 'join':
    case 'dependent-join':
      return (rows(rel.left) + rows(rel.right) + rows(rel)) * local.join;
    case 'aggregate':
      return rows(rel.input) * local.aggregateRow * (1 + rel.aggregates.length) + rows(rel) * local.group;
    case 'distinct':
      return rows(rel.input) * local.aggregateRow + rows(rel) * local.group;
    case 'set-operation':
      return rel.inputs.reduce((sum, input) => sum + rows(input), 0) * (rel.all ? 0 : local.group);
    case 'window':
      return rows(rel.input) * local.window * rel.functions.length;
    case 'sort':
      return rows(rel.input) * local.sort;
    case 'scan':
    case 'limit':
    case 'values':
    case 'dependent-scan':
    case 'with':
    case 'cte-ref':
    case 'remote':
      return 0;
  }
}
