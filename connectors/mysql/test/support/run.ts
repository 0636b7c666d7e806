import type {
  ExecuteContext,
  IFederatedDataSource,
  Rel,
  RemoteTableSchema,
  Scan,
} from '@tributary/connector-sdk';
import { arrowRows, openPlainDuckDB, type Row } from '@tributary/testbed';
import { scanOf, TestQuery } from '@tributary/connector-testkit/dialect';

export const calm = { signal: new AbortController().signal };

export async function described(
  source: IFederatedDataSource,
  ...path: readonly string[]
): Promise<RemoteTableSchema> {
  const schema = await source.describeTable(path, calm);
  if (schema === undefined) throw new Error(`no table ${path.join('.')}`);
  return schema;
}

export async function scanned(source: IFederatedDataSource, ...path: readonly string[]): Promise<Scan> {
  return scanOf(await described(source, ...path), 'my');
}

export function planOf(
  source: IFederatedDataSource,
  relation: Rel,
): ReturnType<IFederatedDataSource['planRemoteQuery']> {
  return source.planRemoteQuery({
    kind: 'relational',
    relation,
    keySets: [],
    estimate: { rows: 10, bytes: 100 },
  });
}

/** Runs a relation and reads its answer with DuckDB, from the spool or from batches. */
export async function rowsOf(
  source: IFederatedDataSource,
  relation: Rel,
  overrides: Partial<ExecuteContext> = {},
): Promise<readonly Row[]> {
  await using query = await TestQuery.open();
  return await rowsIn(query, source, relation, overrides);
}

export async function rowsIn(
  query: TestQuery,
  source: IFederatedDataSource,
  relation: Rel,
  overrides: Partial<ExecuteContext> = {},
): Promise<readonly Row[]> {
  const result = await source.executeRemoteQuery(planOf(source, relation), query.context(overrides));
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
