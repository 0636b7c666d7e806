import {
  type CallContext,
  type IFederatedDataSource,
  type ParameterValues,
  type RemoteTableName,
  type RemoteTableSchema,
  TributaryError,
} from '@tributary/contract';
import type { EngineEvents, EngineOptions, QueryOptions, QueryResult } from './api.js';
import { Binder } from './bind/binder.js';
import { SchemaCache } from './bind/schema-cache.js';
import { TableResolver } from './bind/table-resolver.js';
import { type ViewStatement, viewStatement } from './bind/view-statement.js';
import { RenewableResult, type RunAgain } from './engine-result.js';
import { EventBus } from './execute/event-bus.js';
import { executePlan } from './execute/query-execution.js';
import { resolveLimits } from './execute/limits.js';
import { inferParameters } from './execute/parameters.js';
import { QueryControl } from './execute/query-control.js';
import { ExecutorRuntime } from './execute/runtime.js';
import { explainPlan } from './explain/explain-plan.js';
import type { ExplainDocument } from './explain/document.js';
import type { FederatedPlan, ViewDefinition } from './plan/federated-plan.js';
import { Planner, type PlannerOptions } from './planner/planner.js';
import { InMemoryFederatedDataSourceRegistry } from './registry/index.js';
import { splitDottedName } from './registry/dotted-name.js';

export interface ExplainOptions extends QueryOptions {
  /** Run the query, throw its rows away, and add what happened. */
  readonly analyze?: boolean;
}

/** A federated SQL engine over a fixed set of sources. */
export interface Engine extends AsyncDisposable {
  /**
   * Runs a query, answers DESCRIBE or SHOW, or defines (`CREATE [OR REPLACE] VIEW`) or drops a view. Resolves when the
   * statement runs, which may be before its first rows are there: what a source has to say against it then comes when they are
   * read. Where a source says before the first rows that something of the plan has gone, the statement is planned anew, once.
   * @throws TributaryError
   */
  query(sql: string, options?: QueryOptions): Promise<QueryResult>;
  /** What would run where, and why; with `analyze` also what did. */
  explain(sql: string, options?: ExplainOptions): Promise<ExplainDocument>;
  sources(): readonly IFederatedDataSource[];
  views(): readonly ViewDefinition[];
  listTables(sourceId: string, ctx?: CallContext): Promise<readonly RemoteTableName[]>;
  /** The schema of a table by its name as in SQL: `shop.public.orders`. @throws TributaryError SQL.UNKNOWN_TABLE */
  describeTable(
    name: string,
    ctx?: CallContext,
  ): Promise<{ readonly sourceId: string; readonly schema: RemoteTableSchema }>;
  /** Subscribes to an event; returns the way to unsubscribe. */
  on<Name extends keyof EngineEvents>(event: Name, listener: (event: EngineEvents[Name]) => void): () => void;
  /** Forgets schemas, statistics and plans of a source (or of all): what changed there is seen at once. */
  refresh(sourceId?: string): Promise<void>;
  /** Cancels what runs, closes the sources and removes every file. Idempotent. */
  close(): Promise<void>;
}

const never = new AbortController().signal;
/** How often a statement is planned anew because what it reads is not as its sources had said. */
const mostRenewals = 8;

/**
 * Opens an engine. It owns the sources from now on: `close()` closes them.
 *
 * @example
 * const engine = await createEngine({ sources: [createPostgresSource('shop', { url }), createLakeSource('lake', { root })] });
 * const result = await engine.query('select count(*) from shop.orders o join lake.events e on e.order_id = o.id');
 * console.log(await result.rows());
 * await engine.close();
 *
 * @throws TributaryError CONFIG.* when options, source ids or views are wrong
 */
export async function createEngine(options: EngineOptions, planning: PlannerOptions = {}): Promise<Engine> {
  const registry = new InMemoryFederatedDataSourceRegistry(options.sources);
  const limits = resolveLimits(options);
  const schemas = new SchemaCache((id) => limits.sourceTimeoutsMs[id] ?? limits.timeoutMs);
  const events = new EventBus<EngineEvents>();
  const runtime = await ExecutorRuntime.open({ sources: options.sources, limits, events });
  const binder = await Binder.create(registry, schemas);
  const planner = new Planner(registry, binder, schemas, planning);
  const engine = new FederatedEngine({ registry, schemas, events, runtime, binder, planner });
  try {
    for (const [name, query] of Object.entries(options.views ?? {}))
      await binder.declareView({ name, query });
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

interface EngineParts {
  readonly registry: InMemoryFederatedDataSourceRegistry;
  readonly schemas: SchemaCache;
  readonly events: EventBus<EngineEvents>;
  readonly runtime: ExecutorRuntime;
  readonly binder: Binder;
  readonly planner: Planner;
}

class FederatedEngine implements Engine {
  readonly #parts: EngineParts;
  #closed: Promise<void> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    // What a source says is gone is not believed a second time.
    parts.events.on('query.federated.execute', ({ error }) => {
      if (error?.code !== 'SOURCE.MISSING_OBJECT') return;
      // An engine that is closed meanwhile has nothing to forget.
      parts.planner.forget(error.sourceId).catch(() => undefined);
    });
  }

  async query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    this.#assertOpen();
    const view = viewStatement(sql);
    if (view !== undefined) return this.#applyView(view, options.signal ?? never);
    return this.#run(sql, options, false);
  }

  async explain(sql: string, options: ExplainOptions = {}): Promise<ExplainDocument> {
    this.#assertOpen();
    if (viewStatement(sql) !== undefined) {
      throw new TributaryError('SQL.UNSUPPORTED_STATEMENT', {
        message: 'To make or to drop a view takes no plan.',
        fix: "Explain the view's query, or one that reads the view.",
      });
    }
    if (options.analyze !== true) {
      const given = inferParameters(options.params);
      const plan = await this.#parts.planner.plan(
        sql,
        given,
        options.pushdown ?? 'auto',
        options.signal ?? never,
      );
      return explainPlan(plan, this.#connectorOf);
    }
    await using result = await this.#run(sql, options, true);
    for await (const batch of result) void batch;
    return result.explain();
  }

  sources(): readonly IFederatedDataSource[] {
    return this.#parts.registry.getAllSources();
  }

  views(): readonly ViewDefinition[] {
    return this.#parts.binder.views();
  }

  async listTables(
    sourceId: string,
    ctx: CallContext = { signal: never },
  ): Promise<readonly RemoteTableName[]> {
    this.#assertOpen();
    const source = this.#parts.registry.getSource(sourceId);
    if (source === undefined) {
      throw new TributaryError('SQL.UNKNOWN_TABLE', {
        message: `There is no source "${sourceId}".`,
        candidates: this.sources().map((known) => known.sourceId),
      });
    }
    return this.#parts.schemas.tables(source, ctx.signal);
  }

  async describeTable(
    name: string,
    ctx: CallContext = { signal: never },
  ): Promise<{ readonly sourceId: string; readonly schema: RemoteTableSchema }> {
    this.#assertOpen();
    const resolver = new TableResolver(this.#parts.registry, this.#parts.schemas);
    const { table } = await resolver.resolve(splitDottedName(name), undefined, ctx.signal);
    return { sourceId: table.source, schema: table.schema };
  }

  on<Name extends keyof EngineEvents>(
    event: Name,
    listener: (event: EngineEvents[Name]) => void,
  ): () => void {
    return this.#parts.events.on(event, listener);
  }

  async refresh(sourceId?: string): Promise<void> {
    const ids = sourceId === undefined ? this.sources().map((source) => source.sourceId) : [sourceId];
    for (const id of ids) await this.#parts.planner.forget(id);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #run(sql: string, options: QueryOptions, measure: boolean): Promise<QueryResult> {
    const { runtime, planner } = this.#parts;
    const startedAt = performance.now();
    const parameters = inferParameters(options.params);
    const start = async (begunAt = performance.now()): Promise<QueryResult> => {
      const plan = await this.#plan(sql, parameters, options, startedAt);
      return executePlan(plan, runtime, {
        ...options,
        startedAt,
        begunAt,
        parameters,
        measure,
        planMs: performance.now() - startedAt,
        explain: (record) => explainPlan(plan, this.#connectorOf, record),
      });
    };
    const missed = new Set<string>();
    // The plan was made of what the sources said a while ago: a table that was dropped and made again is there. Each may be so once.
    const again: RunAgain = async (error) => {
      if (!(error instanceof TributaryError) || error.code !== 'SOURCE.MISSING_OBJECT') return undefined;
      const object = JSON.stringify([error.sourceId, error.object]);
      if (missed.has(object) || missed.size === mostRenewals) return undefined;
      missed.add(object);
      await planner.forget(error.sourceId);
      return startOrAgain();
    };
    const startOrAgain = async (begunAt?: number): Promise<QueryResult> => {
      try {
        return await start(begunAt);
      } catch (error) {
        const result = await again(error);
        if (result === undefined) throw error;
        return result;
      }
    };
    return new RenewableResult(await startOrAgain(startedAt), again);
  }

  /** Planning asks sources for schemas, so it is cancelled and timed like the rest of the query. */
  async #plan(
    sql: string,
    parameters: ParameterValues,
    options: QueryOptions,
    startedAt: number,
  ): Promise<FederatedPlan> {
    using control = new QueryControl(options.signal, options.timeoutMs, startedAt);
    return await this.#parts.planner.plan(sql, parameters, options.pushdown ?? 'auto', control.signal);
  }

  readonly #connectorOf = (sourceId: string): string =>
    this.#parts.registry.getSource(sourceId)?.getInfo().connector ?? '';

  async #applyView(statement: ViewStatement, signal: AbortSignal): Promise<QueryResult> {
    const { binder, planner } = this.#parts;
    switch (statement.kind) {
      case 'create-view':
        await binder.createView(statement, statement.replace, signal);
        break;
      case 'drop-view':
        await binder.dropView(statement.name, statement.ifExists);
        break;
    }
    await planner.forget();
    return this.#run('SELECT NULL WHERE false', { signal }, false);
  }

  async #close(): Promise<void> {
    const { runtime, binder, registry } = this.#parts;
    await runtime.close();
    binder.close();
    await Promise.all(registry.getAllSources().map((source) => source.close()));
  }

  #assertOpen(): void {
    if (this.#closed === undefined) return;
    throw new TributaryError('ENGINE.CLOSED', { message: 'The engine is closed.' });
  }
}
