import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Engine, createEngine } from '@tributary/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDeltaSource } from '../src/index.js';
import { rowsOf } from './golden.js';
import { metaDataOf, writeCommit } from './support/write-commit.js';

/** A column's type, what the log has for it, and the value that is meant. */
const values = [
  ['long', '7', '7', 'BIGINT'],
  ['decimal(38,18)', '0E-18', '0.000000000000000000', 'DECIMAL(38,18)'],
  ['decimal(10,2)', '1E+3', '1000.00', 'DECIMAL(10,2)'],
  ['double', '1.0E10', '10000000000.0', 'DOUBLE'],
  ['double', 'NaN', 'nan', 'DOUBLE'],
  ['double', '-Infinity', '-inf', 'DOUBLE'],
  ['boolean', 'true', 'true', 'BOOLEAN'],
  ['date', '2024-02-29', '2024-02-29', 'DATE'],
  ['timestamp', '2024-02-29 23:59:59.123456', '2024-02-29 23:59:59.123456+00', 'TIMESTAMPTZ'],
  ['timestamp', '2024-02-29T23:59:59.123456Z', '2024-02-29 23:59:59.123456+00', 'TIMESTAMPTZ'],
  ['timestamp_ntz', '2024-02-29 23:59:59.1', '2024-02-29 23:59:59.1', 'TIMESTAMP'],
  // A date when the file was written: the column is wider by now.
  ['timestamp_ntz', '2024-02-29', '2024-02-29 00:00:00', 'TIMESTAMP'],
  ['string', 'a=b/ü %20', 'a=b/ü %20', 'VARCHAR'],
  ['string', '', null, 'VARCHAR'],
  ['integer', null, null, 'INTEGER'],
] as const;

let root: string;
let engine: Engine;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'delta-'));
  const table = join(root, 't');
  await mkdir(table);
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  // Some writers put partition columns into the files as well; what the log says counts.
  await duckdb.run(
    `COPY (SELECT 1 AS id, 99::BIGINT AS p0) TO '${join(table, 'f.parquet')}' (FORMAT parquet)`,
  );
  duckdb.closeSync();
  const { size } = await stat(join(table, 'f.parquet'));
  const fields = [
    { name: 'id', type: 'integer' },
    ...values.map(([type], index) => ({ name: `p${index}`, type })),
  ];
  const features = ['timestampNtz', 'typeWidening'];
  await writeCommit(table, 0, [
    {
      protocol: {
        minReaderVersion: 3,
        minWriterVersion: 7,
        readerFeatures: features,
        // What only writers must know is of no concern to a reader.
        writerFeatures: [...features, 'fromTheFuture', 'identityColumns', 'generatedColumns', 'rowTracking'],
      },
    },
    metaDataOf(
      fields,
      values.map((_, index) => `p${index}`),
    ),
    {
      add: {
        path: 'f.parquet',
        size,
        modificationTime: 0,
        dataChange: true,
        partitionValues: Object.fromEntries(values.map(([, text], index) => [`p${index}`, text])),
      },
    },
    // An action that nobody has heard of.
    { somethingNew: { path: 'f.parquet' } },
  ]);
  engine = await createEngine({ sources: [createDeltaSource('lake', { root })] });
});
afterAll(async () => {
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

describe('partition values as the log has them', () => {
  test.each(values.map((value, index) => [`p${index}`, ...value] as const))(
    '%s, a %s from %j, is %j',
    async (column, _type, _text, value, sqlType) => {
      expect(
        await rowsOf(engine, `SELECT ${column}::VARCHAR AS v, typeof(${column}) AS t FROM lake.t`),
      ).toEqual([{ v: value, t: sqlType === 'TIMESTAMPTZ' ? 'TIMESTAMP WITH TIME ZONE' : sqlType }]);
      const filter = value === null ? `${column} IS NULL` : `${column} = '${value}'::${sqlType}`;
      const counts = `SELECT count(*)::INTEGER AS n FROM lake.t WHERE ${filter}`;
      expect(await rowsOf(engine, counts)).toEqual([{ n: 1 }]);
      expect(await rowsOf(engine, counts.replace('WHERE', 'WHERE NOT'))).toEqual([{ n: 0 }]);
    },
  );
});
