import type {
  IFederatedDataSource,
  RemoteTableName,
  RemoteTableSchema,
  TableStatistics,
} from '@tributary/contract/source';

/** How long a schema, a listing or statistics are taken for true, in milliseconds. */
const freshForMs = 60_000;

interface Entry {
  readonly madeAt: number;
  readonly value: Promise<unknown>;
}

/** What the sources said of their tables, for a minute: planning must not ask again for each statement. */
export class SchemaCache {
  readonly #entries = new Map<string, Map<string, Entry>>();

  describe(
    source: IFederatedDataSource,
    path: readonly string[],
    signal: AbortSignal,
  ): Promise<RemoteTableSchema | undefined> {
    return this.#get(source, `describe ${JSON.stringify(path)}`, () => source.describeTable(path, { signal }));
  }

  tables(source: IFederatedDataSource, signal: AbortSignal): Promise<readonly RemoteTableName[]> {
    return this.#get(source, 'tables', () => source.listTables({ signal }));
  }

  statistics(
    source: IFederatedDataSource,
    table: RemoteTableName,
    signal: AbortSignal,
  ): Promise<TableStatistics | undefined> {
    const key = `statistics ${JSON.stringify([table.schema ?? null, table.name])}`;
    return this.#get(source, key, () => source.getRemoteStatistics(table, { signal }));
  }

  /** Drops what is known of a source (after it said that an object is missing). */
  forget(sourceId: string): void {
    this.#entries.delete(sourceId);
  }

  /** Failures are not kept: the next statement asks again. */
  #get<T>(source: IFederatedDataSource, key: string, ask: () => Promise<T>): Promise<T> {
    const entries = this.#entries.get(source.sourceId) ?? new Map<string, Entry>();
    this.#entries.set(source.sourceId, entries);
    const known = entries.get(key);
    // The key says which method made the entry, so the value is of that method's type.
    if (known !== undefined && Date.now() - known.madeAt < freshForMs) return known.value as Promise<T>;
    const value = ask();
    entries.set(key, { madeAt: Date.now(), value });
    value.catch(() => {
      if (entries.get(key)?.value === value) entries.delete(key);
    });
    return value;
  }
}
