import { createHash } from 'node:crypto';
import { TributaryError } from '@tributary/contract/errors';
import { typeName } from '@tributary/contract/plan';
import type {
  CallContext,
  ExecuteContext,
  FederatedDataSourceInfo,
  IFederatedDataSource,
  RemoteQueryPlan,
  RemoteQueryRequest,
  RemoteResult,
  RemoteTableName,
  RemoteTableSchema,
  SourceHealth,
  SourceType,
  TableStatistics,
} from '@tributary/contract/source';
import { type Classify, classified } from '../errors/classified.js';
import { classifyNetworkError } from '../errors/network-errors.js';
import { deliverChained } from './chained-answers.js';
import { plainDialect } from './plain-dialect.js';
import type { PlainReader, PlainTable } from './plain-reader.js';
import { PlannedRead, planPlainRead } from './plan-plain-read.js';
import { readsOf } from './reads-of.js';

/** What a plain source is made of. */
export interface PlainSourceOptions {
  readonly sourceId: string;
  /** The connector's name, as in configurations. */
  readonly connector: string;
  readonly reader: PlainReader;
  /** Default `external-api`. */
  readonly sourceType?: SourceType;
  /** Round trip, in milliseconds. Default 50. */
  readonly latencyMs?: number;
  /** Megabits per second. Default 100. */
  readonly bandwidthMbps?: number;
  /** Price of the source's work relative to local work, which is 1.0. Default 2. */
  readonly costMultiplier?: number;
  /** Most keys of another source's rows worth asking for. Default 1,000; 0: none. */
  readonly maxKeys?: number;
  /** One of the contract's errors for whatever the reader raised. No secrets in its message. Default: `classifyNetworkError`. */
  readonly classify?: Classify;
}

/**
 * Anything that answers "this table, these columns, these predicates" as a source. What a column does not declare is never asked:
 * the engine does it, and EXPLAIN says so.
 */
export function createPlainSource(options: PlainSourceOptions): IFederatedDataSource & AsyncDisposable {
  return new PlainSource(options);
}

class PlainSource implements IFederatedDataSource, AsyncDisposable {
  readonly sourceId: string;
  readonly #reader: PlainReader;
  readonly #classify: Classify;
  readonly #info: FederatedDataSourceInfo;
  readonly #tables = new Map<string, PlainTable>();

  constructor(options: PlainSourceOptions) {
    this.sourceId = options.sourceId;
    this.#reader = options.reader;
    this.#classify = options.classify ?? classifyNetworkError;
    this.#info = infoOf(options);
  }

  getInfo(): FederatedDataSourceInfo {
    return this.#info;
  }

  async listTables(ctx: CallContext): Promise<readonly RemoteTableName[]> {
    return (await this.#list(ctx)).map(({ table }) => table);
  }

  async describeTable(path: readonly string[], ctx: CallContext): Promise<RemoteTableSchema | undefined> {
    const [name = '', schema] = path.toReversed();
    if (path.length > 2) return undefined;
    const found = (await this.#list(ctx)).find(
      ({ table }) => table.name === name && (schema === undefined || table.schema === schema),
    );
    return found && schemaOf(found);
  }

  async getRemoteStatistics(table: RemoteTableName, ctx: CallContext): Promise<TableStatistics | undefined> {
    const known = this.#tables.get(keyOf(pathOf(table)));
    if (known === undefined) return undefined;
    return this.#call(ctx, table.name, async () => this.#reader.statistics?.(known, ctx));
  }

  planRemoteQuery(request: RemoteQueryRequest): RemoteQueryPlan {
    if (request.kind !== 'scan') {
      throw new TributaryError('ENGINE.INTERNAL', { message: 'A plain source was asked to run a relation.' });
    }
    const table = this.#tables.get(keyOf(request.table));
    if (table !== undefined) return planPlainRead(this.sourceId, request, table);
    throw new TributaryError('SOURCE.MISSING_OBJECT', {
      message: `Source ${this.sourceId} has no table ${request.table.join('.')}.`,
      sourceId: this.sourceId,
      object: request.table.join('.'),
    });
  }

  async executeRemoteQuery(plan: RemoteQueryPlan, ctx: ExecuteContext): Promise<RemoteResult> {
    const planned = PlannedRead.of(plan);
    const object = pathOf(planned.table.table).join('.');
    const requests = readsOf(planned, ctx).map(
      (read) => () => this.#call(ctx, object, async () => this.#reader.read(read, ctx)),
    );
    const origin = { sourceId: this.sourceId, object, classify: this.#classify };
    return deliverChained(requests, plan.columns, ctx, origin);
  }

  async checkHealth(ctx: CallContext): Promise<SourceHealth> {
    const own = this.#reader.checkHealth?.bind(this.#reader);
    if (own !== undefined) return this.#call(ctx, undefined, () => own(ctx));
    const start = performance.now();
    await this.#list(ctx);
    return { healthy: true, latencyMs: performance.now() - start, findings: [] };
  }

  async close(): Promise<void> {
    await this.#reader.close?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #list(ctx: CallContext): Promise<readonly PlainTable[]> {
    const tables = await this.#call(ctx, undefined, () => this.#reader.tables(ctx));
    for (const table of tables) this.#tables.set(keyOf(pathOf(table.table)), table);
    return tables;
  }

  #call<T>(ctx: CallContext, object: string | undefined, work: () => Promise<T>): Promise<T> {
    return classified(work, ctx, { sourceId: this.sourceId, object }, this.#classify);
  }
}

function infoOf(options: PlainSourceOptions): FederatedDataSourceInfo {
  const { sourceId, connector, maxKeys = 1000 } = options;
  return {
    sourceId,
    sourceType: options.sourceType ?? 'external-api',
    connector,
    latencyMs: options.latencyMs ?? 50,
    bandwidthMbps: options.bandwidthMbps ?? 100,
    costMultiplier: options.costMultiplier ?? 2,
    computeContext: `${connector}:${sourceId}`,
    capabilities: {
      kind: 'plain',
      filters: plainDialect,
      // Tables differ in it; one that takes none hands the limit back.
      limit: 'at-least',
      offset: false,
      keySets: maxKeys === 0 ? undefined : { maxKeys, multiColumn: false },
    },
  };
}

function schemaOf(table: PlainTable): RemoteTableSchema {
  const { primaryKey = [], columns } = table;
  return {
    table: table.table,
    columns: columns.map(({ name, type, nullable, note }) => ({
      name,
      type,
      nativeType: typeName(type),
      nullable: nullable ?? true,
      // Whether a predicate is exact stands with the column's `filtering`.
      comparison: 'ordered',
      ...(note !== undefined && { note }),
    })),
    primaryKey,
    uniqueKeys: [],
    indexes: columns
      .filter(({ filters = [] }) => filters.includes('=') || filters.includes('in'))
      .map(({ name }) => [name]),
    version: createHash('sha256').update(JSON.stringify(table)).digest('hex'),
  };
}

function pathOf({ schema, name }: RemoteTableName): readonly string[] {
  return schema === undefined ? [name] : [schema, name];
}

function keyOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
