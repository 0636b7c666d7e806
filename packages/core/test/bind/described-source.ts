import type {
  CallContext,
  DataType,
  FederatedDataSourceInfo,
  IFederatedDataSource,
  RemoteQueryPlan,
  RemoteResult,
  RemoteTableName,
  RemoteTableSchema,
  SourceHealth,
  TableStatistics,
} from '@tributary/contract';

export type TableColumns = Readonly<Record<string, DataType>>;

/** A source that has tables and no rows: all that binding asks of a source. */
export class DescribedSource implements IFederatedDataSource {
  readonly sourceId: string;
  /** Paths of the describeTable calls so far. */
  readonly asked: string[] = [];
  readonly #tables: Map<string, TableColumns>;

  /** @param tables columns by dotted path: `public.orders` */
  constructor(sourceId: string, tables: Readonly<Record<string, TableColumns>>) {
    this.sourceId = sourceId;
    this.#tables = new Map(Object.entries(tables));
  }

  setTable(path: string, columns: TableColumns): void {
    this.#tables.set(path, columns);
  }

  getInfo(): FederatedDataSourceInfo {
    return {
      sourceId: this.sourceId,
      sourceType: 'local',
      connector: 'described',
      latencyMs: 0,
      bandwidthMbps: 10_000,
      costMultiplier: 1,
      computeContext: this.sourceId,
      capabilities: { kind: 'plain', limit: 'none', offset: false, keySets: undefined },
    };
  }

  async listTables(_ctx: CallContext): Promise<readonly RemoteTableName[]> {
    return [...this.#tables.keys()].map(nameOf);
  }

  async describeTable(path: readonly string[], _ctx: CallContext): Promise<RemoteTableSchema | undefined> {
    this.asked.push(path.join('.'));
    const key = [...this.#tables.keys()].find(
      (k) => k === path.join('.') || k.split('.').at(-1) === path.join('.'),
    );
    const columns = key === undefined ? undefined : this.#tables.get(key);
    if (key === undefined || columns === undefined) return undefined;
    return {
      table: nameOf(key),
      columns: Object.entries(columns).map(([name, type]) => ({
        name,
        type,
        nativeType: type.id,
        nullable: true,
        comparison: 'ordered',
      })),
      primaryKey: [],
      uniqueKeys: [],
      indexes: [],
      version: JSON.stringify(columns),
    };
  }

  async getRemoteStatistics(): Promise<TableStatistics | undefined> {
    return undefined;
  }

  planRemoteQuery(): RemoteQueryPlan {
    throw new Error('a source without rows runs nothing');
  }

  async executeRemoteQuery(): Promise<RemoteResult> {
    throw new Error('a source without rows runs nothing');
  }

  async checkHealth(): Promise<SourceHealth> {
    return { healthy: true, findings: [] };
  }

  async close(): Promise<void> {}
}

function nameOf(path: string): RemoteTableName {
  const [first = '', second] = path.split('.');
  return second === undefined
    ? { name: first, kind: 'table' }
    : { schema: first, name: second, kind: 'table' };
}
