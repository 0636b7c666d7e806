import { type Medians, type Rounds, sideBySide } from '../harness/side-by-side.js';
import { WarmReaders, coldReaders } from '../lake/lake-readers.js';
import { lakeQueries } from '../lake/lake-queries.js';
import { LakeStore } from '../lake/lake-store.js';
import { StoreProxy } from '../lake/store-proxy.js';
import { type Case, type Goal, atLeast, atMost, msFigures } from '../report/section.js';
import type { World } from '../world/world.js';
import type { Benchmark } from './benchmark.js';

/** Until an answer of a store in the same region begins. */
const farMs = 20;

export const lakeHttpfs = benchmark('lake-httpfs', 0, {
  summary: 'Parquet files in S3, against DuckDB with httpfs',
  where: 'on the same machine',
  rounds: { warmUp: 1, measured: 3 },
});

export const lakeHttpfsFar = benchmark('lake-httpfs-far', farMs, {
  summary: `the same, where each of the store's answers begins ${farMs} ms late`,
  where: `whose answers begin ${farMs} ms late`,
  rounds: { warmUp: 1, measured: 1 },
});

function benchmark(
  name: string,
  delayMs: number,
  { summary, where, rounds }: { readonly summary: string; readonly where: string; readonly rounds: Rounds },
): Benchmark {
  return {
    name,
    summary,
    async run(world: World, say) {
      await using store = await LakeStore.open(world);
      await using proxy = delayMs === 0 ? undefined : await StoreProxy.before(store.place.endpoint, delayMs);
      const place = { ...store.place, endpoint: proxy?.endpoint ?? store.place.endpoint };
      await using warm = await WarmReaders.open(store, place);
      const cases: Case[] = [];
      const totals = new Map<string, number>();
      for (const query of lakeQueries) {
        const contenders = [...warm.contenders(query), ...coldReaders(store, place, query)];
        const medians = await sideBySide(contenders, rounds);
        for (const [who, ms] of medians) totals.set(who, (totals.get(who) ?? 0) + ms);
        cases.push({ name: query.name, figures: msFigures(medians), goals: goalsOf(medians) });
        say(`${query.name}: ${[...medians].map(([who, ms]) => `${who} ${ms.toFixed(0)}`).join(', ')}`);
      }
      cases.push({ name: 'all', figures: msFigures(totals), goals: goalsOf(totals) });
      return {
        title: `Parquet files in an S3 store ${where}`,
        about: `The queries and files of the section above. Cold has a new engine with an empty disk cache, or a new DuckDB; warm has asked
the same before. DuckDB keeps what it has read in memory unless its external file cache is off, we on disk; all ask the store
each time whether the files are still the same.`,
        cases,
      };
    },
  };
}

function goalsOf(medians: Medians): readonly Goal[] {
  const ms = (who: string): number => medians.get(who) ?? NaN;
  return [
    atMost('cold, times httpfs', ms('tributary cold') / ms('httpfs cold'), 1),
    atLeast('warm, times as fast as httpfs', ms('httpfs warm') / ms('tributary warm'), 5),
    atLeast(
      'warm, times as fast as httpfs without its file cache',
      ms('httpfs warm, file cache off') / ms('tributary warm'),
      5,
    ),
    atLeast('warm, speed of local files', ms('DuckDB, local files') / ms('tributary warm'), 0.8),
  ];
}
