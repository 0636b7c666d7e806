import type { IFederatedDataSource, Rel, RemoteQueryPlan, Scan } from '@tributary/connector-sdk';
import { scanOf } from '@tributary/connector-testkit/dialect';

export const calm = { signal: new AbortController().signal };

export async function describedScan(source: IFederatedDataSource, ...path: readonly string[]): Promise<Scan> {
  const schema = await source.describeTable(path, calm);
  if (schema === undefined) throw new Error(`no table ${path.join('.')}`);
  return scanOf(schema, source.sourceId);
}

export function planOf(source: IFederatedDataSource, relation: Rel): RemoteQueryPlan {
  return source.planRemoteQuery({
    kind: 'relational',
    relation,
    keySets: [],
    estimate: { rows: 100, bytes: 100 },
  });
}
