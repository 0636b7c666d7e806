import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TributaryError } from '@tributary/contract/errors';
import type { ExecuteContext, KeySetValues } from '@tributary/contract/source';

interface ExecutionOptions {
  readonly prefer?: ExecuteContext['prefer'];
  readonly quotaBytes?: number;
  readonly keys?: readonly KeySetValues[];
  readonly parameters?: ExecuteContext['parameters'];
}

/** One execution of a fragment, with a spool of its own that counts what it is asked for. */
export class Execution implements AsyncDisposable {
  readonly progress: (readonly [rows: number, bytes: number])[] = [];
  reserved = 0;
  readonly context: ExecuteContext;
  readonly #directory = mkdtempSync(join(tmpdir(), 'tributary-sdk-'));
  readonly #controller = new AbortController();
  readonly #cleanups: (() => Promise<void>)[] = [];

  constructor({
    prefer = 'batches',
    quotaBytes = 1e9,
    keys = [],
    parameters = new Map(),
  }: ExecutionOptions = {}) {
    let files = 0;
    this.context = {
      signal: this.#controller.signal,
      timeoutMs: 10_000,
      parameters,
      keySets: new Map(keys.map((key) => [key.id, key])),
      prefer,
      query: {
        id: 'q1',
        startedAt: performance.now(),
        signal: this.#controller.signal,
        fragmentsIn: () => 1,
        shared: (_, make) => make(),
        onEnd: (cleanup) => {
          this.#cleanups.push(cleanup);
        },
      },
      spool: {
        newFile: (extension) => join(this.#directory, `${(files += 1)}${extension}`),
        reserve: (bytes) => {
          if (this.reserved + bytes > quotaBytes) {
            throw new TributaryError('RESOURCE.SPILL_FULL', { message: 'over the quota' });
          }
          this.reserved += bytes;
        },
        release: (bytes) => {
          this.reserved -= bytes;
        },
      },
      onProgress: (rows, bytes) => {
        this.progress.push([rows, bytes]);
      },
    };
  }

  get files(): readonly string[] {
    return existsSync(this.#directory) ? readdirSync(this.#directory) : [];
  }

  abort(message: string): void {
    this.#controller.abort(new TributaryError('QUERY.CANCELLED', { message }));
  }

  /** What the engine does when a query ends, however it ends. */
  async end(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).toReversed()) await cleanup();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
