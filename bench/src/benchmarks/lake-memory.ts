import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LakeStore } from '../lake/lake-store.js';
import { mebibytes, memoryFigures, withinLimit } from '../memory/figures.js';
import { runChild } from '../memory/run-child.js';
import type { Case } from '../report/section.js';
import type { Benchmark } from './benchmark.js';

const memoryLimit = '160MB';
const limitBytes = 160e6;

const columns = `l_orderkey, l_partkey, l_suppkey, l_linenumber, l_quantity, l_extendedprice, l_discount, l_tax, l_returnflag,
  l_linestatus, l_shipdate, l_commitdate, l_receiptdate, l_shipinstruct, l_shipmode, l_comment`;

const queries = [
  { name: 'all columns into an aggregate', sql: `SELECT bit_xor(hash(${columns})) FROM lake.lineitem` },
  { name: 'all rows to the caller', sql: 'SELECT * FROM lake.lineitem' },
] as const;

export const lakeMemory: Benchmark = {
  name: 'lake-memory',
  summary: `peak memory while a Parquet file in S3 is read under a limit of ${memoryLimit}`,
  async run(world, say) {
    await using store = await LakeStore.open(world);
    const { endpoint, bucket, accessKeyId, secretAccessKey } = store.place;
    const { size } = await stat(join(store.files.root, 'lineitem.parquet'));
    const cases: Case[] = [];
    for (const [index, { name, sql }] of queries.entries()) {
      const cache = await store.newCache();
      const run = await runChild({
        sources: { kind: 'store', endpoint, bucket, accessKeyId, secretAccessKey, cache },
        sql,
        memoryLimit,
        spillDirectory: join(world.directory, `lake-spill-${index}`),
      });
      say(`${name}: ${mebibytes(run.peakBytes)}`);
      cases.push({ name, figures: memoryFigures(run), goals: [withinLimit(run, limitBytes)] });
    }
    return {
      title: `Memory while a Parquet file in S3 is read under a limit of ${memoryLimit}`,
      about: `The file has ${mebibytes(size)}, fetched whole into an empty disk cache. Measured as in the section on memory: the limit is
DuckDB's, and the goal grants Node as much again.`,
      cases,
    };
  },
};
