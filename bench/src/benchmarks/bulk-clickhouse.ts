import type { Engine } from '@tributary/core';
import { sideBySide } from '../harness/side-by-side.js';
import { ClickhouseAnswers } from '../peers/clickhouse-answers.js';
import { type Case, atLeast, msFigures } from '../report/section.js';
import type { Benchmark } from './benchmark.js';
import { type Reading, assertOnlyScanIsRemote, readAll, readings } from './readings.js';

export const bulkClickhouse: Benchmark = {
  name: 'bulk-clickhouse',
  summary: 'a table read into an aggregate that ClickHouse cannot take',
  async run(world, say) {
    say('starting ClickHouse and loading it');
    await using engine = await world.engineOver('clickhouse');
    await using answers = new ClickhouseAnswers(await world.tables.url('clickhouse'));
    const cases: Case[] = [];
    for (const reading of readings) {
      say(reading.name);
      cases.push(await measure(reading, engine, answers));
    }
    return {
      title: 'Bulk: a table into an aggregate that ClickHouse cannot take',
      about: `The whole table crosses the wire. The limit is ClickHouse's own \`FORMAT Parquet\` of the same columns, its bytes thrown
away. Ratios are speeds.`,
      cases,
    };
  },
};

async function measure(reading: Reading, engine: Engine, answers: ClickhouseAnswers): Promise<Case> {
  const { name, table, columns } = reading;
  await assertOnlyScanIsRemote(engine, reading);
  const medians = await sideBySide(
    [
      { name: 'tributary', run: async () => ({ answer: await readAll(engine, reading) }) },
      {
        name: 'Parquet thrown away',
        run: async () => {
          await answers.discardParquet(`SELECT ${columns.join(', ')} FROM ${table}`);
          return {};
        },
      },
    ],
    { warmUp: 1, measured: 5 },
  );
  const [ours = NaN, thrownAway = NaN] = medians.values();
  return {
    name,
    figures: msFigures(medians),
    goals: [atLeast('speed of Parquet', thrownAway / ours, 0.8)],
  };
}
