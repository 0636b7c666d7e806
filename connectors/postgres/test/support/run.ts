import type { Rel } from '@tributary/contract/plan';
import type {
  ExecuteContext,
  KeySetRequest,
  RemoteQueryPlan,
  RemoteTableSchema,
} from '@tributary/contract/source';
import { type Row, arrowRows, openPlainDuckDB } from '@tributary/testbed';
import type { PostgresSource } from '../../src/index.js';
import { TestQuery, scanOf } from '@tributary/connector-testkit/dialect';

const calm = { signal: new AbortController().signal };

export async function describe(
  source: PostgresSource,
  ...path: readonly string[]
): Promise<RemoteTableSchema> {
  const schema = await source.describeTable(path, calm);
  if (schema === undefined) throw new Error(`no table ${path.join('.')}`);
  return schema;
}

export async function scan(
  source: PostgresSource,
  ...path: readonly string[]
): Promise<ReturnType<typeof scanOf>> {
  return scanOf(await describe(source, ...path), source.sourceId);
}

export function planOf(
  source: PostgresSource,
  relation: Rel,
  rows = 10,
  keySets: readonly KeySetRequest[] = [],
): RemoteQueryPlan {
  return source.planRemoteQuery({
    kind: 'relational',
    relation,
    keySets,
    estimate: { rows, bytes: rows * 10 },
  });
}

/** Runs a plan as a relation and reads it with DuckDB. */
export async function rowsOf(
  source: PostgresSource,
  relation: Rel,
  overrides: Partial<ExecuteContext> = {},
  rows = 10,
): Promise<readonly Row[]> {
  await using query = await TestQuery.open();
  return await rowsIn(query, source, planOf(source, relation, rows), overrides);
}

export async function rowsIn(
  query: TestQuery,
  source: PostgresSource,
  plan: RemoteQueryPlan,
  overrides: Partial<ExecuteContext> = {},
): Promise<readonly Row[]> {
  const result = await source.executeRemoteQuery(plan, query.context(overrides));
  if (result.kind === 'batches') {
    const rows: Row[] = [];
    for await (const batch of result.batches) rows.push(...arrowRows([batch]));
    return rows;
  }
  await using duckdb = await openPlainDuckDB();
  const answer = await duckdb.query(result.sql);
  await result.release();
  return answer.rows;
}
