import { TributaryError } from '@tributary/contract/errors';
import {
  type Aggregate,
  type Column,
  type Expr,
  type InKeySet,
  type Rel,
  type ScanColumn,
  columnsOf,
  exprsOf,
  outputOf,
  plain,
  someExpr,
  someRel,
  typeOf,
} from '@tributary/contract/plan';
import type {
  Decision,
  IFederatedDataSource,
  KeySetRequest,
  RemoteQueryPlan,
  ScanRequest,
  SizeEstimate,
} from '@tributary/contract/source';
import { reason } from './reason-codes.js';

/** A relation as its source plans it, and what the engine has to do on top of the answer. */
export interface PlannedRemote {
  readonly plan: RemoteQueryPlan;
  /** What the answer holds: less than was asked for where the source left the aggregate. */
  readonly relation: Rel;
  readonly estimate: SizeEstimate;
  /** Adds, above the leaf for the answer, what the source handed back. */
  readonly complete: (leaf: Rel) => Rel;
}

/** The planner's guesses. */
export interface Sizes {
  estimate(relation: Rel): SizeEstimate;
  keys(keySet: string): number;
}

/**
 * Asks a source how it will run a relation. A SQL source gets the subtree; a plain source gets it taken apart into one
 * scan, and may hand filters, the limit and aggregates back.
 */
export function planRemote(source: IFederatedDataSource, relation: Rel, sizes: Sizes): PlannedRemote {
  const keySets = keySetRequests(relation, sizes.keys);
  const estimate = sizes.estimate(relation);
  if (source.getInfo().capabilities.kind === 'sql') {
    const plan = source.planRemoteQuery({ kind: 'relational', relation, keySets, estimate });
    return { plan, relation, estimate, complete: (leaf) => leaf };
  }
  const request = scanRequest(relation, keySets, estimate);
  const plan = source.planRemoteQuery(request);
  const aggregate = aggregateOf(relation);
  if (aggregate !== undefined && plan.aggregated !== true) {
    return aggregatedHere(source, aggregate, plan, sizes);
  }
  if (plan.residual.filters.length === 0 && !plan.residual.limit) {
    return { plan, relation, estimate, complete: (leaf) => leaf };
  }
  return { relation, estimate, ...handedBack(source, request, plan, relation) };
}

/** The rows of the table instead, and the aggregate above them. */
function aggregatedHere(
  source: IFederatedDataSource,
  aggregate: Aggregate,
  refused: RemoteQueryPlan,
  sizes: Sizes,
): PlannedRemote {
  const rows = planRemote(source, aggregate.input, sizes);
  const told = refused.decisions.filter(({ piece }) => piece === 'aggregate');
  const kept: Decision = {
    piece: 'aggregate',
    text: aggregate.aggregates.map(({ name }) => name).join(', '),
    outcome: 'kept',
    ...reason('NOT_IN_CAPABILITIES'),
    sourceId: source.sourceId,
  };
  const columns = outputOf(aggregate.input).map(plain);
  return {
    ...rows,
    plan: { ...rows.plan, decisions: [...(told.length > 0 ? told : [kept]), ...rows.plan.decisions] },
    complete: (leaf) => ({
      ...aggregate,
      input: rows.complete(leaf.kind === 'remote' ? { ...leaf, columns } : leaf),
    }),
  };
}

/** The aggregate of which the relation picks columns, with just these; undefined where there is none. */
function aggregateOf(relation: Rel): Aggregate | undefined {
  if (relation.kind === 'aggregate') return relation;
  if (relation.kind !== 'project') return undefined;
  const inner = aggregateOf(relation.input);
  const aggregates = relation.columns.flatMap(({ id, name }) => {
    const column = inner?.aggregates.find((own) => own.id === id);
    return column === undefined ? [] : [{ ...column, name }];
  });
  return inner && { ...inner, aggregates };
}

/** The request again with the columns that the handed-back filters read, and those filters above the answer. */
function handedBack(
  source: IFederatedDataSource,
  request: ScanRequest,
  first: RemoteQueryPlan,
  relation: Rel,
): Pick<PlannedRemote, 'plan' | 'complete'> {
  const wanted = outputOf(relation).map(plain);
  const read = new Set(first.residual.filters.flatMap((filter) => [...columnsOf(filter)]));
  const extra = request.filterColumns.filter((c) => read.has(c.id));
  const plan =
    extra.length === 0
      ? first
      : source.planRemoteQuery({ ...request, columns: [...request.columns, ...extra] });
  const limit = plan.residual.limit ? limitOf(relation) : undefined;
  return {
    plan,
    complete: (leaf) => {
      const input: Rel = leaf.kind === 'remote' ? { ...leaf, columns: plan.columns } : leaf;
      const { filters } = plan.residual;
      const filtered: Rel = filters.length > 0 ? { kind: 'filter', input, predicates: filters } : input;
      const limited: Rel = limit === undefined ? filtered : { ...limit, input: filtered };
      return {
        kind: 'project',
        input: limited,
        columns: wanted.map((c) => ({ ...c, expr: { kind: 'column', id: c.id, type: c.type } as const })),
      };
    },
  };
}

function limitOf(relation: Rel): Extract<Rel, { kind: 'limit' }> | undefined {
  if (relation.kind === 'limit') return relation;
  return relation.kind === 'project' ? limitOf(relation.input) : undefined;
}

/** `[Project of columns] [Limit] [Filter …] Scan`, or `[Project of columns] Aggregate Scan`, as one request. */
function scanRequest(relation: Rel, keySets: readonly KeySetRequest[], estimate: SizeEstimate): ScanRequest {
  const filters: Expr[] = [];
  let limit: number | undefined;
  let offset: number | undefined;
  let node = relation;
  for (;;) {
    if (node.kind === 'project') {
      node = node.input;
    } else if (node.kind === 'limit') {
      limit = literalCount(node.limit);
      offset = literalCount(node.offset);
      node = node.input;
    } else if (node.kind === 'filter') {
      filters.push(...node.predicates);
      node = node.input;
    } else if (node.kind === 'aggregate') {
      node = node.input;
    } else {
      break;
    }
  }
  if (node.kind !== 'scan') {
    throw new TributaryError('ENGINE.INTERNAL', {
      message: `A ${node.kind} was planned for a source that only scans.`,
    });
  }
  const { table, columns: scanned } = node;
  const aggregate = aggregateOf(relation);
  const columns = outputOf(aggregate?.input ?? relation).map((column) => scanColumn(scanned, column));
  const filterIds = new Set(filters.flatMap((filter) => [...columnsOf(filter)]));
  const wanted = new Set(columns.map((c) => c.id));
  return {
    kind: 'scan',
    table,
    columns,
    filters,
    filterColumns: scanned.filter((c) => filterIds.has(c.id) && !wanted.has(c.id)),
    ...(limit !== undefined && { limit }),
    ...(offset !== undefined && { offset }),
    ...(aggregate !== undefined && { aggregates: aggregate.aggregates }),
    keySets,
    estimate,
  };
}

function scanColumn(scanned: readonly ScanColumn[], column: Column): ScanColumn {
  const found = scanned.find((c) => c.id === column.id);
  if (found !== undefined) return found;
  throw new TributaryError('ENGINE.INTERNAL', {
    message: `The column ${column.name} was planned for a source that computes no columns.`,
  });
}

function literalCount(expr: Expr | undefined): number | undefined {
  return expr?.kind === 'literal' && expr.value !== null ? Number(expr.value) : undefined;
}

function keySetRequests(relation: Rel, keyCount: (keySet: string) => number): readonly KeySetRequest[] {
  const found = new Map<string, InKeySet>();
  someRel(relation, (rel) => {
    for (const expr of exprsOf(rel)) {
      someExpr(expr, (e) => {
        if (e.kind === 'in-key-set') found.set(e.keySet, e);
        return false;
      });
    }
    return false;
  });
  return [...found.values()].map(({ keySet, args }) => ({
    id: keySet,
    columns: args.map((arg, i) => ({ id: i, name: `k${i}`, type: typeOf(arg) })),
    estimatedKeys: keyCount(keySet),
  }));
}
