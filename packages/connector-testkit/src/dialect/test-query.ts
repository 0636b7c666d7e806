import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecuteContext } from '@tributary/connector-sdk';

/** A query's context as the engine would give it, with a spool of its own. */
export class TestQuery implements AsyncDisposable {
  readonly controller = new AbortController();
  readonly directory: string;
  readonly fragments: number;
  /** Bytes of the spool that are reserved and not given back. */
  spooled = 0;
  readonly #cleanups: (() => Promise<void>)[] = [];
  readonly #shared = new Map<object, unknown>();
  #files = 0;

  private constructor(directory: string, fragments: number) {
    this.directory = directory;
    this.fragments = fragments;
  }

  /** @param fragments how many the query has in the source */
  static async open(fragments = 1): Promise<TestQuery> {
    return new TestQuery(await mkdtemp(join(tmpdir(), 'tributary-test-query-')), fragments);
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
        startedAt: performance.now(),
        signal: this.controller.signal,
        fragmentsIn: () => this.fragments,
        shared: (key, make) => {
          if (!this.#shared.has(key)) this.#shared.set(key, make());
          return this.#shared.get(key) as ReturnType<typeof make>;
        },
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
