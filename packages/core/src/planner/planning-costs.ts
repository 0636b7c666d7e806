import { type Rel, isExactNumber, outputOf, typeOf } from '@tributary/contract/plan';
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
  expression: 2e-5,
  join: 2e-4,
  aggregateRow: 1e-4,
  aggregateDecimal: 2e-4,
  aggregateValue: 5e-5,
  group: 2e-4,
  /** A group beyond those that fit into a server's working memory. */
  spilledGroup: 2e-3,
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
    transfer: (rel, id) => {
      const info = infoOf(id);
      const count = rows(rel);
      const making = count * (source.sendRow + source.sendValue * outputOf(rel).length) * directness(info);
      const moving = (count * estimator.rowBytes(rel) * 8) / ((info?.bandwidthMbps ?? 1_000) * 1_000);
      return perFragmentMs + (info?.latencyMs ?? 1) + making + moving;
    },
  };
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
      return rows(rel.input) * source.expression * rel.columns.filter((c) => c.expr.kind !== 'column').length;
    case 'join':
    case 'dependent-join':
      return (rows(rel.left) + rows(rel.right) + rows(rel)) * source.join;
    case 'aggregate': {
      const perRow = rel.aggregates.reduce((sum, { call }) => {
        const decimal = call.args.some((arg) => typeOf(arg).id === 'decimal' && isExactNumber(typeOf(arg)));
        return sum + (decimal ? source.aggregateDecimal : source.aggregateValue);
      }, source.aggregateRow);
      return rows(rel.input) * perRow + (rel.groups.length > 0 ? groupWork(rows(rel)) : 0);
    }
    case 'distinct':
      return rows(rel.input) * source.aggregateRow + groupWork(rows(rel));
    case 'set-operation':
      return rel.op === 'union' && rel.all
        ? 0
        : groupWork(rel.inputs.reduce((sum, input) => sum + rows(input), 0));
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

function groupWork(groups: number): number {
  const spilled = Math.max(0, groups - groupsInMemory);
  return (groups - spilled) * source.group + spilled * source.spilledGroup;
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
