import { type RenderedQuery, renderQuery } from '@tributary/contract/render';
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
  SqlCapabilities,
  TableStatistics,
} from '@tributary/contract/source';
import { classified } from '../errors/classified.js';
import { deliver } from '../results/deliver.js';
import { DescribedTables } from './described-tables.js';
import { existingKeys } from './existing-keys.js';
import { PlannedQuery, planSqlQuery } from './sql-plan.js';
import type { SqlSourceOptions } from './sql-source-options.js';
import { statementValues } from './statement-values.js';

/**
 * A SQL database as a source: a driver that knows the wire, a dialect that says what may be asked. Nothing connects before the
 * first call.
 */
export function createSqlSource(options: SqlSourceOptions): IFederatedDataSource & AsyncDisposable {
  return new SqlSource(options);
}

class SqlSource implements IFederatedDataSource, AsyncDisposable {
  readonly sourceId: string;
  readonly #options: SqlSourceOptions;
  readonly #tables = new DescribedTables();
  #info: FederatedDataSourceInfo;

  constructor(options: SqlSourceOptions) {
    this.sourceId = options.sourceId;
    this.#options = options;
    this.#info = infoOf(options, capabilitiesOf(options));
  }

  getInfo(): FederatedDataSourceInfo {
    const capabilities = capabilitiesOf(this.#options);
    if (this.#info.capabilities !== capabilities) this.#info = infoOf(this.#options, capabilities);
    return this.#info;
  }

  listTables(ctx: CallContext): Promise<readonly RemoteTableName[]> {
    return this.#call(ctx, undefined, ({ driver }) => driver.listTables(ctx));
  }

  async describeTable(path: readonly string[], ctx: CallContext): Promise<RemoteTableSchema | undefined> {
    const schema = await this.#call(ctx, path.join('.'), ({ driver }) => driver.describeTable(path, ctx));
    if (schema !== undefined) this.#tables.remember({ schema });
    return schema;
  }

  async getRemoteStatistics(table: RemoteTableName, ctx: CallContext): Promise<TableStatistics | undefined> {
    const path = table.schema === undefined ? [table.name] : [table.schema, table.name];
    const schema = this.#tables.named(table)?.schema ?? (await this.describeTable(path, ctx));
    if (schema === undefined) return undefined;
    return this.#call(ctx, path.join('.'), ({ driver }) => driver.tableStatistics(schema, ctx));
  }

  planRemoteQuery(request: RemoteQueryRequest): RemoteQueryPlan {
    const { dialect } = capabilitiesOf(this.#options);
    return planSqlQuery(
      this.sourceId,
      request,
      dialect,
      (rel) => this.#options.prepareRelation?.(rel, this.#tables) ?? rel,
    );
  }

  async executeRemoteQuery(plan: RemoteQueryPlan, ctx: ExecuteContext): Promise<RemoteResult> {
    const planned = PlannedQuery.of(plan);
    const { columns, object } = planned;
    const { hasValue, classify } = this.#options;
    const keySets =
      hasValue === undefined ? ctx.keySets : existingKeys(ctx.keySets, plan.request.keySets, hasValue);
    const { sql, bindings } = this.#rendered(planned, keySets);
    const values = statementValues(bindings, { parameters: ctx.parameters, keySets });
    const answer = await this.#call(ctx, object, ({ driver }) =>
      driver.run({ sql, values, columns, object }, ctx),
    );
    return deliver(answer, columns, ctx, { sourceId: this.sourceId, object, classify });
  }

  checkHealth(ctx: CallContext): Promise<SourceHealth> {
    return this.#call(ctx, undefined, ({ driver }) => driver.checkHealth(ctx));
  }

  close(): Promise<void> {
    return this.#options.driver.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #rendered(planned: PlannedQuery, keySets: ExecuteContext['keySets']): RenderedQuery {
    if (keySets.size === 0) return planned.rendered;
    const keySet = this.#options.keySetForm?.(keySets, planned.relation);
    if (keySet === undefined) return planned.rendered;
    return renderQuery(planned.relation, { dialect: { ...planned.dialect, keySet } });
  }

  #call<T>(
    ctx: CallContext,
    object: string | undefined,
    work: (options: SqlSourceOptions) => Promise<T>,
  ): Promise<T> {
    const { sourceId } = this;
    return classified(() => work(this.#options), ctx, { sourceId, object }, this.#options.classify);
  }
}

function capabilitiesOf({ capabilities }: SqlSourceOptions): SqlCapabilities {
  return typeof capabilities === 'function' ? capabilities() : capabilities;
}

function infoOf(options: SqlSourceOptions, capabilities: SqlCapabilities): FederatedDataSourceInfo {
  const { sourceId, connector, latencyMs, bandwidthMbps, costMultiplier, computeContext } = options;
  return {
    sourceId,
    sourceType: options.sourceType ?? 'database',
    connector,
    latencyMs,
    bandwidthMbps,
    costMultiplier,
    computeContext,
    capabilities,
  };
}
