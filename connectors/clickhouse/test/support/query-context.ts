import type { ExecuteContext } from '@tributary/connector-sdk';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A query's context as the engine would give it, with a spool of its own. */
export class TestQuery implements AsyncDisposable {
  readonly controller = new AbortController();
  readonly directory: string;
  readonly #cleanups: (() => Promise<void>)[] = [];
  #files = 0;
  /** Bytes of the spool that are reserved and not given back. */
  spooled = 0;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async open(): Promise<TestQuery> {
    return new TestQuery(await mkdtemp(join(tmpdir(), 'tributary-clickhouse-')));
  }

  context(overrides: Partial<ExecuteContext> = {}): ExecuteContext {
    return {
      signal: this.controller.signal,
      timeoutMs: 30_000,
      parameters: new Map(),
      keySets: new Map(),
      prefer: 'relation',
      onProgress: () => undefined,
      spool: {
        newFile: (extension) => join(this.directory, `${(this.#files += 1)}${extension}`),
        reserve: (bytes) => void (this.spooled += bytes),
        release: (bytes) => void (this.spooled -= bytes),
      },
      query: {
        id: 'test',
        signal: this.controller.signal,
        fragmentsIn: () => 1,
        shared: (_, make) => make(),
        onEnd: (cleanup) => void this.#cleanups.push(cleanup),
      },
      ...overrides,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).toReversed()) await cleanup();
    await rm(this.directory, { recursive: true, force: true });
  }
}
