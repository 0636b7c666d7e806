import { type Column as BufferColumn, isColumnType } from '@tributary/columnar';
import {
  type Rel,
  literal,
  outputOf,
  plain,
  columnRef,
  simpleType,
  visitRel,
} from '@tributary/contract/plan';
import { type Binding, renderQuery } from '@tributary/contract/render';
import type { RemoteQueryPlan, RemoteQueryRequest, ScanRequest } from '@tributary/contract/source';
import { renderingDialect } from '../dialect/private-functions.js';
import type { PostgresOptions } from '../options.js';
import type { DescribedTables } from './described-tables.js';
import { manyKeysForm } from './key-set-form.js';
import { FreshIds, withScanForms } from './scan-forms.js';
import { type SplitScan, splitScan } from './split-scan.js';

/** What execution needs of a plan. */
export class PlannedStatement {
  readonly sql: string;
  /** The same for more than `fewKeys` keys; the placeholders are the same too. */
  readonly manyKeysSql: string;
  readonly bindings: readonly Binding[];
  /** The columns of the answer as they come over the wire. */
  readonly columns: readonly BufferColumn[];
  /** The tables read, for errors. */
  readonly object: string;
  /** Present where it is worth reading with several connections. */
  readonly split: SplitScan | undefined;

  constructor(
    fields: Pick<PlannedStatement, 'sql' | 'manyKeysSql' | 'bindings' | 'columns' | 'object' | 'split'>,
  ) {
    this.sql = fields.sql;
    this.manyKeysSql = fields.manyKeysSql;
    this.bindings = fields.bindings;
    this.columns = fields.columns;
    this.object = fields.object;
    this.split = fields.split;
  }
}

/**
 * Renders a request as one statement. A relational request is taken whole: the engine has asked the dialect before.
 *
 * @throws RenderRefusal where the dialect cannot say a piece of it
 */
export function planQuery(
  sourceId: string,
  request: RemoteQueryRequest,
  tables: DescribedTables,
  options: PostgresOptions,
): RemoteQueryPlan {
  const asked = request.kind === 'relational' ? request.relation : relationOf(sourceId, request);
  const columns = outputOf(asked).map(plain);
  const ids = new FreshIds(asked);
  const relation = withScanForms(asked, tables, ids);
  const { sql, bindings } = renderQuery(relation, { dialect: renderingDialect });
  const hasKeys = bindings.some(({ kind }) => kind === 'key-set');
  const manyKeysSql = hasKeys
    ? renderQuery(relation, { dialect: { ...renderingDialect, keySet: manyKeysForm(relation, tables) } }).sql
    : sql;
  const isLarge = request.estimate.rows >= options.minSplitRows && options.fetchConnections > 1;
  return {
    sourceId,
    request,
    columns,
    residual: { filters: [], limit: false },
    native: sql,
    decisions: [],
    state: new PlannedStatement({
      sql,
      manyKeysSql,
      bindings,
      columns: wireColumns(columns),
      object: tablesOf(asked).join(', '),
      split: isLarge && bindings.length === 0 ? splitScan(relation, tables, ids) : undefined,
    }),
  };
}

/** A plan without columns is rendered with one, a column of ones, so that its rows can be counted. */
function wireColumns(columns: RemoteQueryPlan['columns']): readonly BufferColumn[] {
  if (columns.length === 0) return [{ name: 'one', type: { id: 'integer' } }];
  return columns.map(({ name, type }) => ({ name, type: isColumnType(type) ? type : { id: 'varchar' } }));
}

function tablesOf(rel: Rel): readonly string[] {
  const names = new Set<string>();
  visitRel(rel, (node) => {
    if (node.kind === 'scan') names.add(node.table.join('.'));
  });
  return [...names];
}

/** A scan request as the relation it stands for. */
function relationOf(sourceId: string, request: ScanRequest): Rel {
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
