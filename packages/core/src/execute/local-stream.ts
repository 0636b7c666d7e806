import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import {
  type DataType,
  type ParameterValue,
  type ParameterValues,
  TributaryError,
  typeName,
} from '@tributary/contract';
import type { RecordBatch } from 'apache-arrow';
import type { OutputColumn } from '../plan/federated-plan.js';
import { deliveredType } from './arrow/arrow-schema.js';
import { arrowBatches } from './arrow-result.js';
import { type LocalSource, duckdbError } from './duckdb/duckdb-errors.js';
import { BrokenStreamError, type DuckdbSession } from './duckdb/duckdb-session.js';

export interface LocalQuery {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
  readonly bind: (statement: DuckDBPreparedStatement) => Promise<void>;
  /** Who is to blame when a file cannot be read. */
  readonly localSources: readonly LocalSource[];
}

/** Starts a statement in DuckDB, and streams its rows in the types that the columns are delivered in. */
export async function openLocalStream(
  session: DuckdbSession,
  query: LocalQuery,
): Promise<AsyncGenerator<RecordBatch, void, undefined>> {
  try {
    const statement = await prepareDelivered(session, query);
    await query.bind(statement);
    const result = await session.stream(statement);
    return namedErrors(session, arrowBatches(session, result, query.columns), query);
  } catch (error) {
    throw duckdbError(error, query.localSources);
  }
}

async function* namedErrors(
  session: DuckdbSession,
  batches: AsyncIterable<RecordBatch>,
  query: LocalQuery,
): AsyncGenerator<RecordBatch, void, undefined> {
  try {
    yield* batches;
  } catch (error) {
    const cause = error instanceof BrokenStreamError ? await reasonOf(session, query) : error;
    throw duckdbError(cause, query.localSources);
  }
}

/**
 * Why a stream broke: the statement is run again with its rows thrown away, which fails in the same way if the data is
 * at fault. If it does not, holding or ordering the rows was too much.
 */
async function reasonOf(session: DuckdbSession, query: LocalQuery): Promise<unknown> {
  try {
    const statement = await session.prepare(
      `SELECT max(hash(q)) FROM (\n${withoutSemicolon(query.sql)}\n) AS q`,
    );
    await query.bind(statement);
    await session.call(() => statement.run());
  } catch (error) {
    return error;
  }
  return new TributaryError('RESOURCE.MEMORY', {
    message:
      'DuckDB gave up in the middle of the result: its memory limit or the room for spilling was too small.',
  });
}

/** The statement as it is where its types fit, else inside a SELECT that casts them. */
async function prepareDelivered(
  session: DuckdbSession,
  { sql, columns }: LocalQuery,
): Promise<DuckDBPreparedStatement> {
  const statement = await session.prepare(sql);
  const wanted = columns.map((column) => typeName(deliveredType(column.type)));
  const fits =
    statement.columnCount === wanted.length &&
    wanted.every((type, index) => String(statement.columnType(index)) === type);
  if (fits) return statement;
  statement.destroySync();
  const names = wanted.map((_, index) => `c${index}`);
  const casts = wanted.map((type, index) => `CAST(c${index} AS ${type})`);
  return session.prepare(
    `SELECT ${casts.join(', ')} FROM (\n${withoutSemicolon(sql)}\n) AS q(${names.join(', ')})`,
  );
}

function withoutSemicolon(sql: string): string {
  return sql.replace(/;\s*$/, '');
}

/** Parameters of the user's own text keep their own types: there is no cast around them. */
export async function bindTyped(
  session: DuckdbSession,
  statement: DuckDBPreparedStatement,
  parameters: ParameterValues,
): Promise<void> {
  for (let index = 1; index <= statement.parameterCount; index++) {
    const parameter = parameters.get(statement.parameterName(index));
    if (parameter === undefined || parameter.value === null) {
      statement.bindNull(index);
      continue;
    }
    const cast = await castStatement(session, parameter, parameter.type);
    const reader = await session.call(() => cast.runAndReadAll());
    const [[value] = []] = reader.getRows();
    statement.bindValue(index, value ?? null, reader.columnType(0));
  }
}

/** `SELECT CAST($1 AS type)`, with the value bound. */
export async function castStatement(
  session: DuckdbSession,
  parameter: ParameterValue,
  type: DataType,
): Promise<DuckDBPreparedStatement> {
  const given = parameter.type.id === 'null' ? 'VARCHAR' : typeName(parameter.type);
  const statement = await session.prepare(`SELECT CAST(CAST($1 AS ${given}) AS ${typeName(type)})`);
  if (parameter.value === null) statement.bindNull(1);
  else statement.bindVarchar(1, parameter.value);
  return statement;
}
