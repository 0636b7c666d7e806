import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TributaryError } from '@tributary/contract';
import { openPlainDuckDB } from '@tributary/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as pg from '../../test/copy-bytes.js';
import { feed } from '../../test/decode.js';
import { createPgCopyDecoder, type ParquetSpoolOptions, ParquetSpoolWriter, spoolSelect } from '../index.js';
import { AppendFile } from './append-file.js';

const columns = [
  { name: 'id', type: { id: 'integer' } },
  { name: 'note', type: { id: 'varchar' } },
] as const;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-spool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const create = (options: Partial<ParquetSpoolOptions> = {}): Promise<ParquetSpoolWriter> =>
  ParquetSpoolWriter.create({ path: join(folder, 'a.parquet'), columns, ...options });

const rowsOf = (count: number): Buffer =>
  pg.copyStream(Array.from({ length: count }, (_, row) => [pg.int4(row), pg.text('x'.repeat(50))]));

async function fill(sink: ParquetSpoolWriter, rows: number): Promise<void> {
  await feed(createPgCopyDecoder({ columns, sink }), [rowsOf(rows)]);
}

describe('ParquetSpoolWriter', () => {
  it('counts rows and bytes, and asks its budget for exactly those bytes', async () => {
    let granted = 0;
    const sink = await create({ maxRows: 100, budget: (bytes) => (granted += bytes) });
    await fill(sink, 1050);
    const file = await sink.finish();
    expect(file).toMatchObject({ rows: 1050, path: join(folder, 'a.parquet') });
    expect(file.bytes).toBeGreaterThan(1050 * 58);
    expect(granted).toBe(file.bytes - 4);
    await using duckdb = await openPlainDuckDB();
    const groups = `SELECT count(DISTINCT row_group_id), max(row_group_num_rows) FROM parquet_metadata('${file.path}')`;
    expect((await duckdb.query(groups)).rows).toEqual([['11', '100']]);
  });

  it('starts a new row group at its limit of bytes', async () => {
    const sink = await create({ maxBytes: 10_000 });
    const decoder = createPgCopyDecoder({ columns, sink });
    const stream = rowsOf(1000).subarray(0, -pg.afterwards.length);
    await feed(decoder, [stream.subarray(0, 30_000), stream.subarray(30_000)]);
    const { path } = await sink.finish();
    await using duckdb = await openPlainDuckDB();
    const groups = `SELECT count(DISTINCT row_group_id), sum(row_group_num_rows)::INT / 2 FROM parquet_metadata('${path}')`;
    expect((await duckdb.query(groups)).rows).toEqual([['2', 1000]]);
  });

  it('reads several files as one, whatever their columns are called', async () => {
    const odd = [
      { name: 'a "b"', type: { id: 'integer' } },
      { name: 'A "B"', type: { id: 'varchar' } },
    ] as const;
    const files = await Promise.all(
      ['x', "y'z"].map(async (name) => {
        const sink = await create({ path: join(folder, name), columns: odd });
        await fill(sink, 3);
        return sink.finish();
      }),
    );
    await using duckdb = await openPlainDuckDB();
    const result = await duckdb.query(spoolSelect(files));
    expect(result.rows).toHaveLength(6);
    expect(result.columns.map(({ type }) => type)).toEqual(['INTEGER', 'VARCHAR']);
    expect(result.columns[0]?.name).toBe('a "b"');
  });

  it('passes on the refusal of its budget, and leaves no file', async () => {
    const refusal = new TributaryError('RESOURCE.SPILL_FULL', { message: 'Over the quota.' });
    const budget = (): never => {
      throw refusal;
    };
    {
      await using sink = await create({ budget });
      await expect(fill(sink, 10)).rejects.toBe(refusal);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('deletes its file on abort, also while writes are under way', async () => {
    const sink = await create({ maxRows: 1000 });
    await fill(sink, 20_000);
    await sink.abort();
    expect(await readdir(folder)).toEqual([]);
  });

  it('makes the producer wait when writing is slower', async () => {
    const sink = await create();
    const batch = {
      rows: 1,
      columns: columns.map(() => ({
        entries: 1,
        nullCount: 0,
        levels: { kind: 'flat' as const, validity: new Uint8Array([1]) },
        leaves: [new Uint8Array(4)],
      })),
    };
    expect(sink.write(batch)).toBeUndefined();
    const wait = sink.write(batch);
    expect(wait).toBeInstanceOf(Promise);
    await wait;
    expect(await sink.finish()).toMatchObject({ rows: 2 });
  });

  it('refuses a file that exists and a folder that does not', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ code: 'RESOURCE.SPILL_FULL' });
    await expect(create({ path: join(folder, 'none', 'b') })).rejects.toThrow('ENOENT');
  });
});

describe('AppendFile', () => {
  it('says that the disk is full, once and for all later writes', async () => {
    const file = await AppendFile.open('/dev/full', 'w');
    const full = { code: 'RESOURCE.SPILL_FULL', message: expect.stringContaining('disk is full') };
    await expect(file.append(new Uint8Array(10))).rejects.toMatchObject(full);
    await expect(file.append(new Uint8Array(10))).rejects.toMatchObject(full);
    await expect(file.close()).rejects.toMatchObject(full);
  });
});
