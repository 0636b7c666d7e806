import type { Engine } from '@tributary/core';
import { sideBySide } from '../harness/side-by-side.js';
import type { DuckdbPeer } from '../peers/duckdb-peer.js';
import { MysqlRows } from '../peers/mysql-rows.js';
import { type Case, atLeast, msFigures } from '../report/section.js';
import type { Benchmark } from './benchmark.js';
import { type Reading, assertOnlyScanIsRemote, readAll, readings } from './readings.js';

export const bulkMysql: Benchmark = {
  name: 'bulk-mysql',
  summary: 'a table read into an aggregate that MySQL cannot take',
  async run(world, say) {
    say('starting MySQL and loading it');
    await using engine = await world.engineOver('mysql');
    await using peer = await world.duckdbOverMysql();
    await using rows = new MysqlRows(await world.tables.url('mysql'));
    const cases: Case[] = [];
    for (const reading of readings) {
      say(reading.name);
      cases.push(await measure(reading, { engine, peer, rows }));
    }
    return {
      title: 'Bulk: a table into an aggregate that MySQL cannot take',
      about: `The whole table crosses the wire. The peers are mysql2's stream of the same columns as arrays, its rows thrown away, and
DuckDB with its mysql extension. Ratios are speeds.`,
      cases,
    };
  },
};

interface Parties {
  readonly engine: Engine;
  readonly peer: DuckdbPeer;
  readonly rows: MysqlRows;
}

async function measure(reading: Reading, { engine, peer, rows }: Parties): Promise<Case> {
  const { name, table, columns, select } = reading;
  await assertOnlyScanIsRemote(engine, reading);
  const medians = await sideBySide(
    [
      { name: 'tributary', run: async () => ({ answer: await readAll(engine, reading) }) },
      {
        name: 'mysql2 rows',
        run: async () => {
          await rows.discard(`SELECT ${columns.join(', ')} FROM ${table}`);
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
  const [ours = NaN, streamed = NaN, other = NaN] = medians.values();
  return {
    name,
    figures: msFigures(medians),
    goals: [atLeast('speed of mysql2', streamed / ours, 2), atLeast('speed of DuckDB', other / ours, 1)],
  };
}
