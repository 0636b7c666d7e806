import { StoreProxy } from '../lake/store-proxy.js';
import { answerOf } from '../lake/answers.js';
import { chunkBytes, footerBytes } from '../lake/chunk-bytes.js';
import { lakeQueries } from '../lake/lake-queries.js';
import { LakeStore } from '../lake/lake-store.js';
import { sqlOver } from '../lake/lake-files.js';
import { DuckdbPeer } from '../peers/duckdb-peer.js';
import { type Case, type Goal, atMost } from '../report/section.js';
import type { Benchmark } from './benchmark.js';

const mostTimes = 1.1;

export const lakeBytes: Benchmark = {
  name: 'lake-bytes',
  summary: 'bytes fetched of Parquet files in S3, and those that have to be',
  async run(world, say) {
    await using store = await LakeStore.open(world);
    await using proxy = await StoreProxy.before(store.place.endpoint);
    await using local = await DuckdbPeer.inMemory();
    const cases: Case[] = [];
    const total = { wanted: await footerBytes(local, store.files), first: 0, second: 0 };

    {
      // The footers, once for all queries: an engine keeps them.
      await using engine = await store.engine(await store.newCache(), proxy.endpoint);
      for (const { sql } of lakeQueries) await engine.explain(sql);
      const { bytes, reads } = await proxy.traffic();
      cases.push({
        name: `footers of ${store.files.paths.length} files`,
        figures: [...figures(total.wanted, bytes, reads)],
        goals: [],
      });
      total.first += bytes;
    }

    for (const { name, sql, chunks } of lakeQueries) {
      const wanted = await chunkBytes(local, store.files, chunks);
      await using engine = await store.engine(await store.newCache(), proxy.endpoint);
      await engine.explain(sql);
      await proxy.traffic();
      const answer = await answerOf(engine, sql);
      const first = await proxy.traffic();
      const again = await answerOf(engine, sql);
      const second = await proxy.traffic();
      const expected = await local.answer(sqlOver(store.files.root, sql));
      if (answer !== expected || again !== expected) {
        throw new Error(`${name}: ${answer} and ${again} where DuckDB says ${expected}`);
      }
      say(`${name}: ${megabytes(first.bytes)} of ${megabytes(wanted)} MB`);
      total.wanted += wanted;
      total.first += first.bytes;
      total.second += second.bytes;
      const goals =
        wanted > 0 ? [atMost('times', first.bytes / wanted, mostTimes)] : [none('times', first.bytes)];
      cases.push({
        name,
        figures: figures(wanted, first.bytes, first.reads),
        goals: [...goals, none('second run', second.bytes)],
      });
    }
    const goals = [atMost('times', total.first / total.wanted, mostTimes), none('second run', total.second)];
    cases.push({ name: 'all', figures: figures(total.wanted, total.first), goals });
    return {
      title: 'Bytes fetched from S3',
      about: `TPC-H's lineitem and orders as Parquet files, as generated and once more in Hive's folders, on an S3 server (versitygw).
Needed are the column chunks of the row groups that the filter leaves, as DuckDB's \`parquet_metadata\` gives them. Fetched is what
a proxy before the server counts. Each query has an engine and a disk cache of its own, which has read the footers; these
are counted once, above, and against their true size in the sum.`,
      cases,
    };
  },
};

function figures(wanted: number, fetched: number, requests?: number): readonly (readonly [string, string])[] {
  return [
    ['needed, MB', megabytes(wanted)],
    ['fetched, MB', megabytes(fetched)],
    ...(requests === undefined ? [] : [['requests', String(requests)] as const]),
  ];
}

function none(name: string, bytes: number): Goal {
  return { name, value: `${bytes} bytes`, wanted: 'no bytes', met: bytes === 0 };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
