import {
  type CallContext,
  type DescribeContext,
  type ExecuteContext,
  type FederatedDataSourceInfo,
  type IFederatedDataSource,
  type RemoteQueryPlan,
  type RemoteQueryRequest,
  type RemoteResult,
  type RemoteTableName,
  type RemoteTableSchema,
  type SourceHealth,
  type TableStatistics,
  TributaryError,
  duckdbDialect,
} from '@tributary/connector-sdk';
import type { BloomCache } from '../prune/bloom-prune.js';
import { isScanState, planScan } from '../query/plan-scan.js';
import { runScan } from '../query/run-scan.js';
import { type DescribedFile, type LakeTable, type TableFile } from '../table/lake-table.js';
import { coversFile } from '../table/schema.js';
import { dottedName, pathOf } from '../table/table-name.js';
import type { LookContext, Looks, TableProvider } from '../table/table-provider.js';
import { Descriptions } from './descriptions.js';
import type { FileAccess } from './file-access.js';
import { checkTables } from './health.js';
import { KnownTables, tableKey, unseenTable } from './known-tables.js';
import { tableStatistics } from './statistics.js';
import type { StoreCost } from './store-cost.js';

export interface FileSourceOptions {
  readonly sourceId: string;
  /** Connector's name, as in the configuration. */
  readonly connector: string;
  readonly tables: TableProvider;
  readonly access: FileAccess;
  readonly cost: StoreCost;
}

/**
 * A source of tables that are files: in a folder, in an object store, or of a table format.
 * DuckDB reads the files, or what is fetched of them.
 */
export function createFileSource(options: FileSourceOptions): IFederatedDataSource {
  return new FileSource(options);
}

/** What one query sees: one listing, and one state of each table, whichever of its fragments looks first. */
interface Look {
  readonly ctx: LookContext;
  readonly tables: Map<string, Promise<LakeTable | undefined>>;
}

class FileSource implements IFederatedDataSource {
  readonly sourceId: string;
  readonly #options: FileSourceOptions;
  readonly #descriptions: Descriptions;
  readonly #known = new KnownTables();
  /** Paths of files with columns that samples had not, by `tableKey`. */
  readonly #odd = new Map<string, Set<string>>();
  /** Tables of which a sample would not do, by `tableKey`. */
  readonly #whole = new Set<string>();
  readonly #blooms: BloomCache = new Map();
  /** What stands for a query's look in its shared values. */
  readonly #look = {};

  constructor(options: FileSourceOptions) {
    this.sourceId = options.sourceId;
    this.#options = options;
    this.#descriptions = new Descriptions(options.sourceId, options.access);
  }

  getInfo(): FederatedDataSourceInfo {
    const { connector, tables, access, cost } = this.#options;
    return {
      sourceId: this.sourceId,
      sourceType: access.isRemote ? 'remote-storage' : 'local',
      connector,
      ...cost,
      computeContext: `files:${tables.location}`,
      capabilities: {
        kind: 'plain',
        filters: duckdbDialect,
        limit: 'exact',
        offset: true,
        // DuckDB reads the keys from a relation; the limit keeps sorting them for pruning cheap.
        keySets: { maxKeys: 200_000, multiColumn: true },
        aggregates: true,
      },
    };
  }

  async listTables(ctx: CallContext): Promise<readonly RemoteTableName[]> {
    const names = await this.#options.tables.list(ctx);
    return names.map(({ schema, name }) => ({
      ...(schema !== undefined && { schema }),
      name,
      kind: 'files',
    }));
  }

  async describeTable(path: readonly string[], ctx: DescribeContext): Promise<RemoteTableSchema | undefined> {
    const table = await this.#load(path, ctx, ctx.thorough);
    if (table === undefined) return undefined;
    return {
      table: { ...table.name, kind: 'files' },
      columns: table.columns.map(
        ({ origin: _origin, stored: _stored, retyped: _retyped, ...column }) => column,
      ),
      primaryKey: [],
      uniqueKeys: [],
      indexes: [],
      version: table.version,
      ...(table.sampled === true && { sampled: true }),
    };
  }

  async getRemoteStatistics(name: RemoteTableName, ctx: CallContext): Promise<TableStatistics | undefined> {
    const path = pathOf(name);
    const table = this.#known.get(path) ?? (await this.#load(path, ctx));
    return table && tableStatistics(table);
  }

  planRemoteQuery(request: RemoteQueryRequest): RemoteQueryPlan {
    if (request.kind !== 'scan') throw this.#broken('a relational request to a plain source');
    const table = this.#known.get(request.table) ?? unseenTable(request, this.#options.tables.location);
    return planScan(request, table, { sourceId: this.sourceId, isRemote: this.#options.access.isRemote });
  }

  async executeRemoteQuery(plan: RemoteQueryPlan, ctx: ExecuteContext): Promise<RemoteResult> {
    if (!isScanState(plan.state)) throw this.#broken('a plan of another source');
    const path = plan.state.request.table;
    const { query } = ctx;
    const { signal, startedAt } = query;
    const look = query.shared(this.#look, (): Look => ({
      ctx: { signal, since: startedAt },
      tables: new Map(),
    }));
    const key = tableKey(path);
    const loading = look.tables.get(key) ?? this.#reload(path, look.ctx);
    look.tables.set(key, loading);
    const table = await loading;
    if (table === undefined) {
      throw new TributaryError('SOURCE.MISSING_OBJECT', {
        message: `Table ${path.join('.')} of ${this.sourceId} has gone since the query was planned.`,
        sourceId: this.sourceId,
        object: path.join('.'),
      });
    }
    const { sourceId } = this;
    const { access } = this.#options;
    const describe = async (
      seen: LakeTable,
      files: readonly TableFile[],
      signal: AbortSignal,
    ): Promise<LakeTable> => {
      const described = await this.#describe(seen, files, signal);
      this.#checkColumns(path, table, described);
      return described;
    };
    return runScan(plan.state, table, ctx, { sourceId, access, describe, blooms: this.#blooms });
  }

  checkHealth(ctx: CallContext): Promise<SourceHealth> {
    const { tables } = this.#options;
    return checkTables({ tables, load: (path) => this.#load(path, ctx, true) }, ctx);
  }

  async close(): Promise<void> {
    this.#known.clear();
    this.#odd.clear();
    this.#whole.clear();
    this.#blooms.clear();
    this.#descriptions.clear();
    this.#options.tables.clear();
    await this.#options.access.close();
  }

  localDirectories(): readonly string[] {
    return this.#options.access.localDirectories();
  }

  async #load(path: readonly string[], ctx: LookContext, thorough = false): Promise<LakeTable | undefined> {
    const { tables } = this.#options;
    const before = this.#known.get(path);
    if (thorough) this.#whole.add(tableKey(path));
    const table = await tables.load(path, before, ctx, this.#looksAt(path));
    this.#remember(path, before, table);
    return table;
  }

  #looksAt(path: readonly string[]): Looks {
    return { whole: this.#whole.has(tableKey(path)), also: this.#oddOf(path) };
  }

  /** A look that began earlier does not make a sample again of what has been looked at as a whole since. */
  #remember(path: readonly string[], before: LakeTable | undefined, table: LakeTable | undefined): void {
    const now = this.#known.get(path);
    const isOlder = table?.sampled === true && now !== before && now !== undefined && now.sampled !== true;
    if (!isOlder) this.#known.set(path, table);
  }

  #oddOf(path: readonly string[]): Set<string> {
    return this.#odd.get(tableKey(path)) ?? new Set();
  }

  async #reload(path: readonly string[], ctx: LookContext): Promise<LakeTable | undefined> {
    const { tables } = this.#options;
    const before = this.#known.get(path);
    if (before === undefined || tables.reload === undefined) return this.#load(path, ctx);
    const table = await tables.reload(path, before, ctx, this.#looksAt(path));
    this.#remember(path, before, table);
    return table;
  }

  async #describe(table: LakeTable, files: readonly TableFile[], signal: AbortSignal): Promise<LakeTable> {
    const bare = files.filter((file) => file.description === undefined);
    if (bare.length === 0) return table;
    const described = new Map<TableFile, DescribedFile>();
    for (const file of await this.#descriptions.describe(bare, signal))
      described.set(file.bare, file.described);
    return { ...table, files: table.files.map((file) => described.get(file) ?? file) };
  }

  /**
   * A sample had not all columns: the table is planned anew with those of the file that shows it.
   * @throws TributaryError SOURCE.MISSING_OBJECT
   */
  #checkColumns(path: readonly string[], table: LakeTable, { files }: LakeTable): void {
    if (table.sampled !== true) return;
    const sample = new Set(
      table.files.flatMap(({ file, description }) => (description === undefined ? [] : [file.path])),
    );
    const odd = files.filter(
      ({ file, description }) =>
        description !== undefined && !sample.has(file.path) && !coversFile(table.columns, description),
    );
    const [first] = odd;
    if (first === undefined) return;
    const known = this.#oddOf(path);
    for (const { file } of odd) known.add(file.path);
    this.#odd.set(tableKey(path), known);
    throw new TributaryError('SOURCE.MISSING_OBJECT', {
      message: `${first.file.path} has other columns than table ${dottedName(table.name)} had when the query was planned.`,
      sourceId: this.sourceId,
      object: first.file.path,
    });
  }

  #broken(what: string): TributaryError {
    return new TributaryError('ENGINE.INTERNAL', {
      message: `${this.sourceId} was given ${what}.`,
      sourceId: this.sourceId,
    });
  }
}
