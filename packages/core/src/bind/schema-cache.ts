import { TributaryError, abortError } from '@tributary/contract/errors';
import type {
  CallContext,
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

/**
 * What the sources said of their tables, for a minute: planning must not ask again for each statement.
 * Statements share an answer, so one that is cancelled only stops waiting for it.
 */
export class SchemaCache {
  readonly #entries = new Map<string, Map<string, Entry>>();
  readonly #timeoutMs: (sourceId: string) => number;

  /** @param timeoutMs how long a source may take to answer, in milliseconds */
  constructor(timeoutMs: (sourceId: string) => number) {
    this.#timeoutMs = timeoutMs;
  }

  /** A table that is not there is asked for again each time: it may have been made since. */
  async describe(
    source: IFederatedDataSource,
    path: readonly string[],
    signal: AbortSignal,
  ): Promise<RemoteTableSchema | undefined> {
    const key = `describe ${JSON.stringify(path)}`;
    const schema = await this.#get(source, key, signal, (ctx) => source.describeTable(path, ctx));
    if (schema === undefined) this.#entries.get(source.sourceId)?.delete(key);
    return schema;
  }

  /** Has a table described anew that the source knows by a sample. */
  async complete(source: IFederatedDataSource, path: readonly string[], signal: AbortSignal): Promise<void> {
    const name = JSON.stringify(path);
    const key = `thorough ${name}`;
    const whole = this.#get(source, key, signal, (ctx) =>
      source.describeTable(path, { ...ctx, thorough: true }),
    );
    await whole;
    // The table may have been asked for by other spellings of its name, too: what the source says now is of all of it.
    const entries = this.#entries.get(source.sourceId);
    for (const known of entries?.keys() ?? []) if (known !== 'tables') entries?.delete(known);
    entries?.set(`describe ${name}`, { madeAt: Date.now(), value: whole });
  }

  tables(source: IFederatedDataSource, signal: AbortSignal): Promise<readonly RemoteTableName[]> {
    return this.#get(source, 'tables', signal, (ctx) => source.listTables(ctx));
  }

  statistics(
    source: IFederatedDataSource,
    table: RemoteTableName,
    signal: AbortSignal,
  ): Promise<TableStatistics | undefined> {
    const key = `statistics ${JSON.stringify([table.schema ?? null, table.name])}`;
    return this.#get(source, key, signal, (ctx) => source.getRemoteStatistics(table, ctx));
  }

  /** Drops what is known of a source (after it said that an object is missing). */
  forget(sourceId: string): void {
    this.#entries.delete(sourceId);
  }

  /** Failures are not kept: the next statement asks again. */
  #get<T>(
    source: IFederatedDataSource,
    key: string,
    signal: AbortSignal,
    ask: (ctx: CallContext) => Promise<T>,
  ): Promise<T> {
    const entries = this.#entries.get(source.sourceId) ?? new Map<string, Entry>();
    this.#entries.set(source.sourceId, entries);
    const known = entries.get(key);
    if (known !== undefined && Date.now() - known.madeAt < freshForMs) {
      // The key says which method made the entry, so the value is of that method's type.
      return unlessAborted(known.value as Promise<T>, signal);
    }
    const value = this.#ask(source.sourceId, ask);
    entries.set(key, { madeAt: Date.now(), value });
    value.catch(() => {
      if (entries.get(key)?.value === value) entries.delete(key);
    });
    return unlessAborted(value, signal);
  }

  async #ask<T>(sourceId: string, ask: (ctx: CallContext) => Promise<T>): Promise<T> {
    const timeoutMs = this.#timeoutMs(sourceId);
    const controller = new AbortController();
    const timer = setTimeout(() => {
      const message = `Source "${sourceId}" did not describe its tables within ${timeoutMs} ms.`;
      controller.abort(new TributaryError('SOURCE.TIMEOUT', { message, sourceId }));
    }, timeoutMs);
    try {
      return await ask({ signal: controller.signal });
    } finally {
      clearTimeout(timer);
    }
  }
}

function unlessAborted<T>(value: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(abortError(signal));
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(abortError(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
