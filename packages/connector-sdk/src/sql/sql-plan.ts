import { TributaryError } from '@tributary/contract/errors';
import { type Column, type Rel, outputOf, plain } from '@tributary/contract/plan';
import { type RenderedQuery, type SqlDialect, renderQuery } from '@tributary/contract/render';
import type { RemoteQueryPlan, RemoteQueryRequest } from '@tributary/contract/source';
import { countedColumns, relationOf, tablesOf } from './relation-of.js';

/** What execution needs of a plan. */
export class PlannedQuery {
  readonly rendered: RenderedQuery;
  /** The relation behind it, for another rendering with other forms of its key sets. */
  readonly relation: Rel;
  readonly dialect: SqlDialect;
  readonly columns: readonly Column[];
  readonly object: string;

  constructor(relation: Rel, dialect: SqlDialect, columns: readonly Column[]) {
    this.relation = relation;
    this.dialect = dialect;
    this.rendered = renderQuery(relation, { dialect });
    this.columns = countedColumns(columns);
    this.object = tablesOf(relation).join(', ');
  }

  /** The statement of a plan that this base has made. */
  static of(plan: RemoteQueryPlan): PlannedQuery {
    if (plan.state instanceof PlannedQuery) return plan.state;
    throw new TributaryError('ENGINE.INTERNAL', { message: 'This plan was made by another connector.' });
  }
}

/**
 * Renders a request as one statement. It is taken whole: the engine has asked the dialect before.
 *
 * @throws RenderRefusal where the dialect cannot say a piece of it
 */
export function planSqlQuery(
  sourceId: string,
  request: RemoteQueryRequest,
  dialect: SqlDialect,
  prepare: (rel: Rel) => Rel,
): RemoteQueryPlan {
  const asked = relationOf(sourceId, request);
  const columns = outputOf(asked).map(plain);
  const planned = new PlannedQuery(prepare(asked), dialect, columns);
  return {
    sourceId,
    request,
    columns,
    residual: { filters: [], limit: false },
    native: planned.rendered.sql,
    decisions: [],
    state: planned,
  };
}
