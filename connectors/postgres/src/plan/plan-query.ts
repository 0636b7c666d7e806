import {
  type DescribedTables,
  FreshIds,
  countedColumns,
  relationOf,
  tablesOf,
} from '@tributary/connector-sdk/sql';
import { type Column, outputOf, plain } from '@tributary/contract/plan';
import { type Binding, renderQuery } from '@tributary/contract/render';
import type { RemoteQueryPlan, RemoteQueryRequest } from '@tributary/contract/source';
import type { DescribedTable } from '../discovery/describe-table.js';
import { renderingDialect } from '../dialect/private-functions.js';
import type { PostgresOptions } from '../options.js';
import { manyKeysForm } from './key-set-form.js';
import { withScanForms } from './scan-forms.js';
import { type SplitScan, splitScan } from './split-scan.js';

/** What execution needs of a plan. */
export class PlannedStatement {
  readonly sql: string;
  /** The same for more than `fewKeys` keys; the placeholders are the same too. */
  readonly manyKeysSql: string;
  readonly bindings: readonly Binding[];
  /** The columns of the answer; one column of ones where the plan asks for none. */
  readonly columns: readonly Column[];
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
  tables: DescribedTables<DescribedTable>,
  options: PostgresOptions,
): RemoteQueryPlan {
  const asked = relationOf(sourceId, request);
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
      columns: countedColumns(columns),
      object: tablesOf(asked).join(', '),
      split: isLarge && bindings.length === 0 ? splitScan(relation, tables, ids) : undefined,
    }),
  };
}
