import { type DataType, typeName } from '@tributary/connector-sdk';
import type { Engine, PushdownMode } from '@tributary/core';
import { type PlainDuckDB, compareRows } from '@tributary/oracle';
import type { GeneratedQuery } from '../generate/queries.js';
import { answer } from './answer.js';

/** The two ways that must agree: what the planner chose, and everything pulled into DuckDB. */
export const comparedModes = ['auto', 'off'] as const satisfies readonly PushdownMode[];

/** The engine gives the columns and rows that plain DuckDB does, in every mode. @throws an error that shows the statement */
export async function checkQuery(
  engine: Engine,
  duckdb: PlainDuckDB,
  query: GeneratedQuery,
  modes: readonly PushdownMode[],
): Promise<void> {
  const expected = await duckdb.query(query.plainSql);
  for (const pushdown of modes) {
    const actual = await answer(engine, query.sql, { pushdown, params: query.parameters }).catch(
      (cause: unknown) => {
        throw new Error(`${pushdown} fails: ${String(cause)}\n${query.sql}`, { cause });
      },
    );
    const difference = compareRows(actual.rows, expected.rows, { ordered: query.ordered });
    if (difference !== undefined) throw new Error(`${pushdown} differs\n${query.sql}\n${difference}`);
    // A parameter takes the type of its surroundings (`least(smallint, $1)` is a SMALLINT); plain DuckDB binds such a statement
    // again with the type of the value, which for NULL is none.
    if (query.parameters.length > 0) continue;
    const given = JSON.stringify(actual.columns.map(({ name, type }) => [name, duckdbName(type)]));
    const wanted = JSON.stringify(expected.columns.map(({ name, type }) => [name, type]));
    if (given !== wanted) throw new Error(`${pushdown} has other columns\n${query.sql}\n${given}\n${wanted}`);
  }
}

/** To its clients DuckDB calls JSON what it is: text. */
function duckdbName(type: DataType): string {
  return type.id === 'json' ? 'VARCHAR' : typeName(type);
}
