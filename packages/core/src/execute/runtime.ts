import { type IFederatedDataSource, TributaryError } from '@tributary/contract';
import type { EngineEvents } from '../api.js';
import { Admission } from './admission.js';
import type { LocalSource } from './duckdb/duckdb-errors.js';
import { DuckdbRoom } from './duckdb/duckdb-room.js';
import type { EventBus } from './event-bus.js';
import type { ExecutionLimits } from './limits.js';
import { SpillRoot } from './spool/spill-root.js';

export interface RuntimeOptions {
  readonly sources: readonly IFederatedDataSource[];
  readonly limits: ExecutionLimits;
  readonly events: EventBus<EngineEvents>;
}

/** A running query, as the runtime sees it. */
export interface Stoppable {
  stop(reason: TributaryError): Promise<void>;
}

/** What all queries of an engine share: the locked DuckDB, the spill root, the places for queries at once. */
export class ExecutorRuntime implements AsyncDisposable {
  readonly limits: ExecutionLimits;
  readonly events: EventBus<EngineEvents>;
  readonly spill: SpillRoot;
  readonly room: DuckdbRoom;
  readonly admission: Admission;
  readonly localSources: readonly LocalSource[];
  readonly #sources: ReadonlyMap<string, IFederatedDataSource>;
  readonly #running = new Set<Stoppable>();
  #queries = 0;
  #closed: Promise<void> | undefined;

  private constructor(options: RuntimeOptions, spill: SpillRoot, room: DuckdbRoom) {
    this.limits = options.limits;
    this.events = options.events;
    this.spill = spill;
    this.room = room;
    this.admission = new Admission(options.limits.maxConcurrentQueries);
    this.#sources = new Map(options.sources.map((source) => [source.sourceId, source]));
    this.localSources = localSources(options.sources);
  }

  static async open(options: RuntimeOptions): Promise<ExecutorRuntime> {
    const { limits, sources } = options;
    const spill = new SpillRoot(limits.spillDirectory, limits.spillQuotaBytes);
    try {
      const room = await DuckdbRoom.open({
        memoryBytes: limits.memoryBytes,
        threads: limits.threads,
        tempDirectory: spill.tempDirectory,
        maxTempBytes: limits.spillQuotaBytes,
        allowedDirectories: [spill.path, ...localSources(sources).flatMap((source) => source.directories)],
      });
      return new ExecutorRuntime(options, spill, room);
    } catch (error) {
      spill.close();
      throw error;
    }
  }

  source(sourceId: string): IFederatedDataSource {
    const source = this.#sources.get(sourceId);
    if (source === undefined) {
      throw new TributaryError('ENGINE.INTERNAL', {
        message: `The plan names an unknown source "${sourceId}".`,
      });
    }
    return source;
  }

  timeoutMs(sourceId: string): number {
    return this.limits.sourceTimeoutsMs[sourceId] ?? this.limits.timeoutMs;
  }

  nextQueryId(): string {
    this.assertOpen();
    this.#queries++;
    return `q${this.#queries}`;
  }

  assertOpen(): void {
    if (this.#closed !== undefined) throw closedError();
  }

  started(query: Stoppable): void {
    this.#running.add(query);
  }

  ended(query: Stoppable): void {
    this.#running.delete(query);
  }

  /** Stops what runs and removes every file. The sources stay open: they are whoever's made them. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#running].map((query) => query.stop(closedError())));
    this.room.close();
    this.spill.close();
  }
}

function closedError(): TributaryError {
  return new TributaryError('ENGINE.CLOSED', { message: 'The engine is closed.' });
}

function localSources(sources: readonly IFederatedDataSource[]): readonly LocalSource[] {
  return sources
    .map((source) => ({ sourceId: source.sourceId, directories: source.localDirectories?.() ?? [] }))
    .filter((source) => source.directories.length > 0);
}
