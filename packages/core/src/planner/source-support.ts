import { type Aggregate, type Expr, type Rel, exprsOf, someExpr } from '@tributary/contract/plan';
import { type Refusal, type SqlDialect, fidelitiesOf, nodeRefusal } from '@tributary/contract/render';
import type { PlainCapabilities, SqlCapabilities } from '@tributary/contract/source';
import type { Support } from '../split/placement.js';
import { reason } from '../split/reason-codes.js';
import type { UnheldParameters } from './unheld-parameters.js';

/**
 * What sources can run of a plan: the kinds of operators that they declare, and of these what their dialect says exactly, with the
 * values that its parameters have.
 */
export function sourceSupport(root: Rel, unheld: UnheldParameters): Support {
  const fidelities = fidelitiesOf(root);
  const renders = (rel: Rel, dialect: SqlDialect): Refusal | undefined =>
    nodeRefusal(rel, dialect, fidelities);
  return {
    node(rel, { capabilities, sourceId }) {
      const names = unheld.get(sourceId);
      if (names !== undefined && readsAny(names, exprsOf(rel))) return reason('VALUE_NOT_IN_SOURCE');
      if (capabilities.kind === 'plain') return plainRefusal(rel, capabilities);
      return capabilityRefusal(rel, capabilities) ?? renders(rel, capabilities.dialect);
    },
    predicate(predicate, input, { capabilities, sourceId }) {
      const names = unheld.get(sourceId);
      if (names !== undefined && readsAny(names, [predicate])) return reason('VALUE_NOT_IN_SOURCE');
      const filter: Rel = { kind: 'filter', input, predicates: [predicate] };
      if (capabilities.kind === 'sql') return renders(filter, capabilities.dialect);
      if (capabilities.filters === undefined || !isScanChain(input)) return notTaken('filters');
      if (predicate.kind === 'in-key-set' && predicate.args.some((arg) => arg.kind !== 'column')) {
        return notTaken('key sets of computed values');
      }
      // A plain source gets key sets beside its filters, not as SQL.
      return predicate.kind === 'in-key-set' ? undefined : renders(filter, capabilities.filters);
    },
  };
}

/** Kinds of operators that the source said it does not take. */
function capabilityRefusal(rel: Rel, capabilities: SqlCapabilities): Refusal | undefined {
  switch (rel.kind) {
    case 'scan':
    case 'filter':
    case 'project':
    case 'cte-ref':
    case 'dependent-scan':
      return undefined;
    case 'values':
      return capabilities.values ? undefined : notTaken('literal rows');
    case 'aggregate':
      if (!capabilities.aggregate) return notTaken('aggregates');
      return rel.groupingSets === undefined || capabilities.groupingSets
        ? undefined
        : notTaken('grouping sets');
    case 'join':
      if (!capabilities.joins.includes(rel.type)) return notTaken(`${rel.type} joins`);
      return rel.type === 'inner' && rel.on.length === 0 ? reason('CROSS_PRODUCT') : undefined;
    case 'dependent-join':
      return capabilities.dependentJoin ? undefined : notTaken('correlated subqueries');
    case 'set-operation': {
      const op = rel.all ? (`${rel.op}-all` as const) : rel.op;
      return capabilities.setOperations.includes(op) ? undefined : notTaken(op);
    }
    case 'distinct':
      return (rel.on === undefined ? capabilities.distinct : capabilities.distinctOn)
        ? undefined
        : notTaken('DISTINCT');
    case 'window':
      return capabilities.window ? undefined : notTaken('window functions');
    case 'sort':
      return capabilities.sort ? undefined : notTaken('ORDER BY');
    case 'limit':
      if (!capabilities.limit) return notTaken('LIMIT');
      return rel.offset === undefined || capabilities.offset ? undefined : notTaken('OFFSET');
    case 'with':
      return capabilities.with ? undefined : notTaken('WITH');
    case 'remote':
      return notTaken('results of other sources');
  }
}

/** A plain source scans: columns, predicates and a limit of one table, nothing computed but what it knows of the whole table. */
function plainRefusal(rel: Rel, capabilities: PlainCapabilities): Refusal | undefined {
  switch (rel.kind) {
    case 'scan':
      return undefined;
    case 'filter':
      return isScanChain(rel.input) ? undefined : notTaken('filters over a limit');
    case 'project':
      return rel.columns.every((c) => c.expr.kind === 'column' && c.expr.id === c.id)
        ? undefined
        : notTaken('computed columns');
    case 'limit':
      if (capabilities.limit === 'none' || !isScanChain(rel.input)) return notTaken('LIMIT');
      if (rel.offset !== undefined && !capabilities.offset) return notTaken('OFFSET');
      return isCount(rel.limit) && isCount(rel.offset) ? undefined : notTaken('a computed LIMIT');
    case 'aggregate':
      if (capabilities.aggregates !== true) return notTaken('aggregates');
      return isOfWholeTable(rel)
        ? undefined
        : notTaken('other aggregates than counts, minima and maxima of a whole table');
    case 'values':
    case 'join':
    case 'dependent-join':
    case 'dependent-scan':
    case 'set-operation':
    case 'distinct':
    case 'window':
    case 'sort':
    case 'with':
    case 'cte-ref':
    case 'remote':
      return notTaken(`${rel.kind} operators`);
  }
}

/** A scan below nothing but filters and picked columns: what a plain source may still be asked to filter or cut. */
function isScanChain(rel: Rel): boolean {
  if (rel.kind === 'scan') return true;
  return (rel.kind === 'filter' || rel.kind === 'project') && isScanChain(rel.input);
}

const wholeTableAggregates: ReadonlySet<string> = new Set(['count_star', 'count', 'min', 'max']);

function isOfWholeTable({ input, groups, groupingSets, aggregates }: Aggregate): boolean {
  const isWhole = isPickedScan(input) && groups.length === 0 && groupingSets === undefined;
  return (
    isWhole &&
    aggregates.every(
      ({ call }) =>
        wholeTableAggregates.has(call.fn) &&
        call.args.length === (call.fn === 'count_star' ? 0 : 1) &&
        call.args.every((arg) => arg.kind === 'column') &&
        !call.distinct &&
        call.filter === undefined &&
        call.orderBy === undefined,
    )
  );
}

function isPickedScan(rel: Rel): boolean {
  return rel.kind === 'scan' || (rel.kind === 'project' && isPickedScan(rel.input));
}

function isCount(expr: Extract<Rel, { kind: 'limit' }>['limit']): boolean {
  return expr === undefined || (expr.kind === 'literal' && expr.value !== null);
}

function readsAny(parameters: ReadonlySet<string>, exprs: readonly Expr[]): boolean {
  return exprs.some((expr) =>
    someExpr(expr, (each) => each.kind === 'parameter' && parameters.has(each.name)),
  );
}

function notTaken(what: string): Refusal {
  return reason('NOT_IN_CAPABILITIES', `The source does not take ${what}.`);
}
