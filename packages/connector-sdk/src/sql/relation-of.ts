import {
  type Column,
  type Rel,
  columnRef,
  literal,
  plain,
  simpleType,
  visitRel,
} from '@tributary/contract/plan';
import type { RemoteQueryRequest, ScanRequest } from '@tributary/contract/source';

/** The relation that a request stands for. */
export function relationOf(sourceId: string, request: RemoteQueryRequest): Rel {
  return request.kind === 'relational' ? request.relation : scanRelation(sourceId, request);
}

/** The tables that a relation reads, as dotted names. */
export function tablesOf(rel: Rel): readonly string[] {
  const names = new Set<string>();
  visitRel(rel, (node) => {
    if (node.kind === 'scan') names.add(node.table.join('.'));
  });
  return [...names];
}

/** A plan without columns is rendered with one, a column of ones, so that its rows can be counted. */
export function countedColumns(columns: readonly Column[]): readonly Column[] {
  return columns.length > 0 ? columns : [{ id: 0, name: 'one', type: simpleType('integer') }];
}

function scanRelation(sourceId: string, request: ScanRequest): Rel {
  const scan: Rel = {
    kind: 'scan',
    source: sourceId,
    table: request.table,
    columns: [...request.columns, ...request.filterColumns],
  };
  const filtered: Rel =
    request.filters.length === 0 ? scan : { kind: 'filter', input: scan, predicates: request.filters };
  const projected: Rel = {
    kind: 'project',
    input: filtered,
    columns: request.columns.map((column) => ({ ...plain(column), expr: columnRef(column) })),
  };
  if (request.limit === undefined && request.offset === undefined) return projected;
  const count = (value: number): ReturnType<typeof literal> => literal(simpleType('bigint'), String(value));
  return {
    kind: 'limit',
    input: projected,
    ...(request.limit !== undefined && { limit: count(request.limit) }),
    ...(request.offset !== undefined && { offset: count(request.offset) }),
  };
}
