import { type KeySetValues, TributaryError, isInteger, outputOf, typeName } from '@tributary/contract';
import type { KeySetEdge, OutputColumn } from '../plan/federated-plan.js';
import { arrowBatches } from './arrow-result.js';
import type { DuckdbSession } from './duckdb/duckdb-session.js';
import { type QueryContext, openSession } from './query-context.js';
import { bindResidual, renderLocal, storeLocal } from './render-local.js';
import { columnValues } from './rows.js';
import type { StagedRelation } from './staged-relation.js';

export type KeySetOutcome =
  | { readonly kind: 'sent'; readonly values: KeySetValues }
  | { readonly kind: 'empty' }
  | { readonly kind: 'too-many-keys' };

/** Up to so many keys DuckDB gets as a list in the statement's text; more are put into a table. */
const maxInlineKeys = 1000;

/** Decides a key set on its actual keys. `relations` holds the results of the fragments that its producer reads. */
export async function evaluateKeySet(
  query: QueryContext,
  edge: KeySetEdge,
  relations: ReadonlyMap<string, StagedRelation>,
): Promise<KeySetOutcome> {
  const columns = edge.keyColumns.map(({ type }, index) => ({ name: `k${index}`, type }));
  const known = keysAtHand(edge, relations);
  if (known !== undefined) return decided(query, edge, known, () => inlineRelation(columns, known));
  await using session = await openSession(query);
  const distinct = distinctKeys(edge, relations);
  const keys = await readKeys(query, session, distinct, columns);
  const count = keys[0]?.length ?? 0;
  // DuckDB's statements end at a zero byte.
  const isText = keys.every((column) => column.every((key) => !key.includes('\0')));
  const isTable = (count > maxInlineKeys || !isText) && count <= edge.maxKeys;
  const table = isTable ? (await storeLocal(query, session, distinct)).from : undefined;
  return decided(query, edge, keys, () => table ?? inlineRelation(columns, keys));
}

function decided(
  query: QueryContext,
  edge: KeySetEdge,
  keys: readonly (readonly string[])[],
  relation: () => string,
): KeySetOutcome {
  const count = keys[0]?.length ?? 0;
  const outcome = count === 0 ? 'empty' : count > edge.maxKeys ? 'too-many-keys' : 'sent';
  query.recorder.keySetDecided(edge, outcome, count);
  if (outcome !== 'sent') return { kind: outcome };
  const values: KeySetValues = {
    id: edge.id,
    count,
    columns: keys,
    get relation() {
      return relation();
    },
  };
  return { kind: 'sent', values };
}

/** The distinct keys of a fragment whose few values are here already, where their text is their literal form. */
function keysAtHand(
  edge: KeySetEdge,
  relations: ReadonlyMap<string, StagedRelation>,
): readonly (readonly string[])[] | undefined {
  const { producer } = edge;
  const values = producer.kind === 'remote' ? relations.get(producer.fragment)?.values : undefined;
  const hasPlainText = edge.keyColumns.every(({ type }) => isInteger(type) || type.id === 'varchar');
  if (values === undefined || !hasPlainText) return undefined;
  const output = outputOf(producer);
  const columns = edge.keys.map((key) => values[output.findIndex((column) => column.id === key)] ?? []);
  const seen = new Set<string>();
  const keys: string[][] = columns.map(() => []);
  for (const row of columns[0]?.keys() ?? []) {
    const key = columns.map((column) => column[row] ?? null);
    const text = JSON.stringify(key.map(String));
    if (key.includes(null) || seen.has(text)) continue;
    seen.add(text);
    for (const [index, value] of key.entries()) keys[index]?.push(String(value));
  }
  return keys;
}

/** The distinct keys; one more than may be sent is enough to know that there are too many. */
function distinctKeys(
  edge: KeySetEdge,
  relations: ReadonlyMap<string, StagedRelation>,
): ReturnType<typeof renderLocal> {
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
  const sql =
    `SELECT DISTINCT ${keys} FROM (${rendered.sql}) AS p(${names}) ` +
    `WHERE ${present} LIMIT ${edge.maxKeys + 1}`;
  return { ...rendered, sql };
}

/** The keys as literal text. Integers come as they are: their text is the same and making it here is cheaper. */
async function readKeys(
  query: QueryContext,
  session: DuckdbSession,
  { sql, bindings }: ReturnType<typeof renderLocal>,
  columns: readonly OutputColumn[],
): Promise<readonly (readonly string[])[]> {
  const delivered = columns.map(({ name, type }) => ({ name, type: isInteger(type) ? type : varchar }));
  const casts = delivered.map(({ name, type }) => `CAST(${name} AS ${typeName(type)})`);
  const statement = await session.prepare(`SELECT ${casts.join(', ')} FROM (${sql})`);
  bindResidual(statement, bindings, query.parameters);
  const result = await session.stream(statement);
  const texts: string[][] = columns.map(() => []);
  for await (const batch of arrowBatches(session, result, delivered)) {
    for (const [index, { type }] of delivered.entries()) {
      const values = columnValues(batch.getChildAt(index), type, batch.numRows);
      for (const value of values) texts[index]?.push(String(value));
    }
  }
  return texts;
}

const varchar = { id: 'varchar' } as const;

function inlineRelation(columns: readonly OutputColumn[], keys: readonly (readonly string[])[]): string {
  const lists = columns.map(({ name, type }, index) => {
    const texts = (keys[index] ?? []).map((key) => `'${key.replaceAll("'", "''")}'`);
    return `unnest([${texts.join(', ')}]::${typeName(type)}[]) AS ${name}`;
  });
  return `(SELECT ${lists.join(', ')})`;
}
