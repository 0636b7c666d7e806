import { type IFederatedDataSource, TributaryError } from '@tributary/contract';
import { splitDottedName } from './dotted-name.js';

/** A table's address: the source, and the table's path inside it. */
export interface ResolvedTable {
  readonly source: IFederatedDataSource;
  /** Empty when the name is the source's alone. */
  readonly path: readonly string[];
}

/** The sources an engine knows, by id. */
export interface FederatedDataSourceRegistry {
  /** @throws TributaryError CONFIG.DUPLICATE_SOURCE when the id is taken. */
  registerSource(source: IFederatedDataSource): void;
  /** Forgets the source without closing it; false when there is none of that id. */
  unregisterSource(sourceId: string): boolean;
  getSource(sourceId: string): IFederatedDataSource | undefined;
  /** In the order of registration. */
  getAllSources(): readonly IFederatedDataSource[];
  /**
   * `s3_archive.events` is table `events` of source `s3_archive`. Parts are quoted as in SQL: `lake."a.b"`.
   * Ids match exactly, or else without regard to case, as SQL identifiers do.
   * @throws TributaryError SQL.UNKNOWN_TABLE when no source has that id, SQL.SYNTAX when the quoting is broken.
   */
  resolveTable(name: string): ResolvedTable;
}

export class InMemoryFederatedDataSourceRegistry implements FederatedDataSourceRegistry {
  readonly #sources = new Map<string, IFederatedDataSource>();

  constructor(sources: readonly IFederatedDataSource[] = []) {
    for (const source of sources) this.registerSource(source);
  }

  registerSource(source: IFederatedDataSource): void {
    const taken = this.#find(source.sourceId);
    if (taken !== undefined) {
      throw new TributaryError('CONFIG.DUPLICATE_SOURCE', {
        message: `The source id "${source.sourceId}" is taken by "${taken.sourceId}".`,
        sourceId: source.sourceId,
      });
    }
    this.#sources.set(source.sourceId, source);
  }

  unregisterSource(sourceId: string): boolean {
    return this.#sources.delete(sourceId);
  }

  getSource(sourceId: string): IFederatedDataSource | undefined {
    return this.#sources.get(sourceId);
  }

  getAllSources(): readonly IFederatedDataSource[] {
    return [...this.#sources.values()];
  }

  resolveTable(name: string): ResolvedTable {
    const [sourceId = '', ...path] = splitDottedName(name);
    const source = this.#find(sourceId);
    if (source === undefined) {
      throw new TributaryError('SQL.UNKNOWN_TABLE', {
        message: `There is no source "${sourceId}" (in the name ${name}).`,
        object: name,
        candidates: [...this.#sources.keys()],
      });
    }
    return { source, path };
  }

  /** DuckDB compares catalogue names without regard to case, so two ids may not differ in case alone. */
  #find(sourceId: string): IFederatedDataSource | undefined {
    const exact = this.#sources.get(sourceId);
    if (exact !== undefined) return exact;
    const folded = sourceId.toLowerCase();
    return this.getAllSources().find((source) => source.sourceId.toLowerCase() === folded);
  }
}
