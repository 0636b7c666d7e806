import { typeName } from '@tributary/contract';
import { arrowBatches } from './arrow-result.js';
import { arrowSchemaOf } from './arrow/arrow-schema.js';
import { canBeInline, maxInlineRows, stageFewRows } from './inline-relation.js';
import type { Fragment } from '../plan/federated-plan.js';
import { type QueryContext, openSession } from './query-context.js';
import type { StagedRelation } from './staged-relation.js';

/** Rows of a relation that is kept in a table when it is read more than once. */
const maxKeptRows = 100_000;

/**
 * A relation that is read more than once (for a key set, and for the residual) and is small is worth keeping: a
 * filtered scan of Parquet files would do its work twice. A relation whose rows the source has counted lies in a spool
 * file already.
 */
export async function keepSmall(
  query: QueryContext,
  fragment: Fragment,
  relation: StagedRelation,
): Promise<StagedRelation> {
  const expected = relation.rows ?? fragment.estimate.rows;
  if (expected <= maxInlineRows && canBeInline(fragment.columns)) return readOnce(query, fragment, relation);
  if (relation.rows !== undefined || fragment.estimate.rows > maxKeptRows || fragment.columns.length === 0) {
    return relation;
  }
  await using session = await openSession(query);
  const names = fragment.columns.map((_, index) => `c${index}`).join(', ');
  const table = query.tables.newName();
  const [[count] = []] = await session.rows(
    `CREATE TABLE ${table} AS SELECT * FROM ${relation.from} AS s(${names}) LIMIT ${maxKeptRows + 1}`,
  );
  const rows = Number(count);
  if (rows <= maxKeptRows) return { from: table, rows };
  await session.run(`DROP TABLE ${table}`);
  return relation;
}

/** A few rows become text of the statements that read them. */
async function readOnce(
  query: QueryContext,
  fragment: Fragment,
  relation: StagedRelation,
): Promise<StagedRelation> {
  await using session = await openSession(query);
  const { columns } = fragment;
  const casts = columns.map(({ type }, index) => `CAST(c${index} AS ${typeName(type)})`);
  const names = columns.map((_, index) => `c${index}`);
  const statement = await session.prepare(
    `SELECT ${casts.join(', ')} FROM ${relation.from} AS s(${names.join(', ')})`,
  );
  const batches = arrowBatches(session, await session.stream(statement), columns);
  return await stageFewRows(arrowSchemaOf(columns), batches, columns, query.spool);
}
