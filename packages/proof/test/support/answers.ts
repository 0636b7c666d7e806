import type { Engine, PushdownMode, QueryOptions } from '@tributary/core';
import { type Row, arrowRows } from '@tributary/testbed';

/** The whole answer of a query in comparable form. */
export async function answer(engine: Engine, sql: string, options: QueryOptions = {}): Promise<readonly Row[]> {
  await using result = await engine.query(sql, options);
  const rows: Row[] = [];
  for await (const batch of result) rows.push(...arrowRows([batch]));
  return rows;
}

/** The two ways that must agree: what the planner chose, and everything pulled into DuckDB. */
export const comparedModes = ['auto', 'off'] as const satisfies readonly PushdownMode[];
