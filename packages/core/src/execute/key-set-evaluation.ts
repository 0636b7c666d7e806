import { type KeySetValues, TributaryError, isInteger, outputOf } from '@tributary/contract';
import type { KeySetEdge } from '../plan/federated-plan.js';
import { columnValues } from './rows.js';
import { arrowBatches } from './arrow-result.js';
import type { DuckdbSession } from './duckdb/duckdb-session.js';
import { type QueryContext, openSession } from './query-context.js';
import { bindResidual, renderLocal } from './render-local.js';
import type { StagedRelation } from './staged-relation.js';

export type KeySetOutcome =
  | { readonly kind: 'sent'; readonly values: KeySetValues }
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-many-keys' };

/** Decides a key set on its actual keys. `relations` holds the results of the fragments that its producer reads. */
export async function evaluateKeySet(
  query: QueryContext,
  edge: KeySetEdge,
  relations: ReadonlyMap<string, StagedRelation>,
): Promise<KeySetOutcome> {
  await using session = await openSession(query);
  const table = await collectKeys(query, session, edge, relations);
  const [[count] = []] = await session.rows(`SELECT count(*) FROM ${table}`);
  const keys = Number(count);
  const outcome = keys === 0 ? 'empty' : keys > edge.maxKeys ? 'too-many-keys' : 'sent';
  query.recorder.keySetDecided(edge, outcome, keys);
  if (outcome !== 'sent') return { kind: outcome };
  const columns = await readKeys(session, edge, table);
  return { kind: 'sent', values: { id: edge.id, count: keys, columns, relation: table } };
}

/** One key more than may be sent is enough to know that there are too many. */
async function collectKeys(
  query: QueryContext,
  session: DuckdbSession,
  edge: KeySetEdge,
  relations: ReadonlyMap<string, StagedRelation>,
): Promise<string> {
  const rendered = renderLocal(edge.producer, relations);
  const output = outputOf(edge.producer);
  const positions = edge.keys.map((key) => output.findIndex((column) => column.id === key));
  if (positions.includes(-1)) {
    throw new TributaryError('ENGINE.INTERNAL', {
      message: `Key set ${edge.id}: the producer lacks a key column.`,
    });
  }
  const names = output.map((_, index) => `c${index}`).join(', ');
  const keys = positions.map((position, index) => `c${position} AS k${index}`).join(', ');
  const present = positions.map((position) => `c${position} IS NOT NULL`).join(' AND ');
  const table = await query.schema.newTable(session);
  const statement = await session.prepare(
    `CREATE TABLE ${table} AS SELECT DISTINCT ${keys} FROM (${rendered.sql}) AS p(${names}) ` +
      `WHERE ${present} LIMIT ${edge.maxKeys + 1}`,
  );
  bindResidual(statement, rendered.bindings, query.parameters);
  await session.call(() => statement.run());
  return table;
}

/** The keys as literal text. Integers come as they are: their text is the same and making it here is cheaper. */
async function readKeys(
  session: DuckdbSession,
  edge: KeySetEdge,
  table: string,
): Promise<readonly (readonly string[])[]> {
  const columns = edge.keyColumns.map((column, index) => ({
    name: `k${index}`,
    type: isInteger(column.type) ? column.type : ({ id: 'varchar' } as const),
  }));
  const list = columns.map(({ name, type }) => (type.id === 'varchar' ? `${name}::VARCHAR` : name));
  const texts: string[][] = columns.map(() => []);
  const result = await session.stream(await session.prepare(`SELECT ${list.join(', ')} FROM ${table}`));
  for await (const batch of arrowBatches(session, result, columns)) {
    for (const [index, { type }] of columns.entries()) {
      const values = columnValues(batch.getChildAt(index), type, batch.numRows);
      for (const value of values) texts[index]?.push(String(value));
    }
  }
  return texts;
}
