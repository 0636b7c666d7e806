import type { Engine } from '@tributary/core';
import { sideBySide } from '../harness/side-by-side.js';
import { DiscardedCopy } from '../peers/discarded-copy.js';
import type { DuckdbPeer } from '../peers/duckdb-peer.js';
import { type Case, atLeast, msFigures } from '../report/section.js';
import type { World } from '../world/world.js';
import type { Benchmark } from './benchmark.js';
import { type Reading, assertOnlyScanIsRemote, readAll, readings } from './readings.js';

/** The engine's default number of connections for one large table. */
const connections = 3;

export const bulk: Benchmark = {
  name: 'bulk',
  summary: 'a table read into an aggregate that PostgreSQL cannot take',
  async run(world, say) {
    await using engine = await world.engine('postgres');
    await using peer = await world.duckdb('postgres');
    const cases: Case[] = [];
    for (const reading of readings) {
      say(reading.name);
      cases.push(await measure(reading, world, engine, peer));
    }
    return {
      title: 'Bulk: a table into an aggregate that PostgreSQL cannot take',
      about: `The whole table crosses the wire. The limit is binary COPY of the same columns over the same ${connections}
connections, its bytes thrown away; the peer is DuckDB with its postgres extension. Ratios are speeds.`,
      cases,
    };
  },
};

async function measure(reading: Reading, world: World, engine: Engine, peer: DuckdbPeer): Promise<Case> {
  const { name, table, columns, select } = reading;
  await using copy = await DiscardedCopy.open(world.url, table, columns, connections);
  await assertOnlyScanIsRemote(engine, reading);
  const medians = await sideBySide(
    [
      {
        name: 'tributary',
        run: async () => ({ answer: await readAll(engine, reading) }),
      },
      {
        name: 'COPY thrown away',
        run: async () => {
          await copy.run();
          return {};
        },
      },
      {
        name: 'DuckDB + extension',
        run: async () => ({ answer: await peer.firstRow(`SELECT ${select} FROM ${table}`) }),
      },
    ],
    { warmUp: 1, measured: 5 },
  );
  const speed = (other: string): number => (medians.get(other) ?? NaN) / (medians.get('tributary') ?? NaN);
  return {
    name,
    figures: msFigures(medians),
    goals: [
      atLeast('speed of COPY', speed('COPY thrown away'), 0.85),
      atLeast('speed of DuckDB', speed('DuckDB + extension'), 0.95),
    ],
  };
}
