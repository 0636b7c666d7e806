import { rm } from 'node:fs/promises';
import type { Engine } from '@tributary/core';
import type { Contender } from '../harness/side-by-side.js';
import { DuckdbPeer } from '../peers/duckdb-peer.js';
import { type StorePlace, openHttpfs } from '../peers/httpfs-peer.js';
import { answerOf } from './answers.js';
import { sqlOver } from './lake-files.js';
import type { LakeQuery } from './lake-queries.js';
import type { LakeStore } from './lake-store.js';

/** Those who have read the files before. */
export class WarmReaders implements AsyncDisposable {
  readonly #tributary: Engine;
  readonly #httpfs: DuckdbPeer;
  readonly #forgetful: DuckdbPeer;
  readonly #local: DuckdbPeer;
  readonly #store: LakeStore;

  private constructor(
    tributary: Engine,
    [httpfs, forgetful, local]: readonly [DuckdbPeer, DuckdbPeer, DuckdbPeer],
    store: LakeStore,
  ) {
    this.#tributary = tributary;
    this.#httpfs = httpfs;
    this.#forgetful = forgetful;
    this.#local = local;
    this.#store = store;
  }

  static async open(store: LakeStore, place: StorePlace): Promise<WarmReaders> {
    const tributary = await store.engine(await store.newCache(), place.endpoint);
    const peers = [await openHttpfs(place), await openHttpfs(place), await DuckdbPeer.inMemory()] as const;
    await peers[1].run('SET enable_external_file_cache = false');
    return new WarmReaders(tributary, peers, store);
  }

  contenders({ sql }: LakeQuery): readonly Contender[] {
    const { files, place } = this.#store;
    const bucket = `s3://${place.bucket}`;
    return [
      { name: 'tributary warm', run: async () => ({ answer: await answerOf(this.#tributary, sql) }) },
      { name: 'httpfs warm', run: async () => ({ answer: await this.#httpfs.answer(sqlOver(bucket, sql)) }) },
      {
        name: 'httpfs warm, file cache off',
        run: async () => ({ answer: await this.#forgetful.answer(sqlOver(bucket, sql)) }),
      },
      {
        name: 'DuckDB, local files',
        run: async () => ({ answer: await this.#local.answer(sqlOver(files.root, sql)) }),
      },
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tributary[Symbol.asyncDispose]();
    for (const peer of [this.#httpfs, this.#forgetful, this.#local]) await peer[Symbol.asyncDispose]();
  }
}

/** Those who know nothing of the store but its keys: no cache, no footer, no connection. Their making is not measured. */
export function coldReaders(store: LakeStore, place: StorePlace, { sql }: LakeQuery): readonly Contender[] {
  const bucket = `s3://${place.bucket}`;
  return [
    {
      name: 'tributary cold',
      run: async () => {
        const cache = await store.newCache();
        const engine = await store.engine(cache, place.endpoint);
        const outcome = await timed(() => answerOf(engine, sql)).finally(() => engine.close());
        await rm(cache, { recursive: true, force: true });
        return outcome;
      },
    },
    {
      name: 'httpfs cold',
      run: async () => {
        await using peer = await openHttpfs(place);
        const outcome = await timed(() => peer.answer(sqlOver(bucket, sql)));
        return outcome;
      },
    },
  ];
}

async function timed(work: () => Promise<string>): Promise<{ readonly ms: number; readonly answer: string }> {
  const started = performance.now();
  const answer = await work();
  return { ms: performance.now() - started, answer };
}
