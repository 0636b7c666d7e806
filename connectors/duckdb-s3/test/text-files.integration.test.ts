import { writeFile } from 'node:fs/promises';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { typeName } from '@tributary/connector-sdk';
import { type LakeOptions } from '../src/index.js';
import { LakeFixture, TableProbe, call } from './lake-fixture.js';

let lake: LakeFixture;
beforeEach(async () => {
  lake = await LakeFixture.create();
});
afterEach(() => lake[Symbol.asyncDispose]());

async function types(table: string, options: Partial<LakeOptions> = {}): Promise<Record<string, string>> {
  const schema = await lake.source(options).describeTable([table], call);
  return Object.fromEntries((schema?.columns ?? []).map((column) => [column.name, typeName(column.type)]));
}

async function read(
  table: string,
  options: Partial<LakeOptions> = {},
): Promise<readonly (readonly unknown[])[]> {
  const probe = await TableProbe.open(lake.source(options), table);
  const result = await probe.execute(probe.plan([...probe.columns.keys()]));
  return lake.rows(`${result.sql} ORDER BY ALL`);
}

describe('CSV', () => {
  test('types come from a sample, and text that merely looks like a number stays text', async () => {
    const text = [
      'id,zip,price,day,at,zoned,ok,note',
      '1,00123,1.5,2025-01-31,2025-01-31 10:00:00,2025-01-31T10:00:00Z,true,"a, ""b""\nc"',
      '-2,04567,2,2024-02-29,2025-01-31T10:00:00.25,2025-01-31 10:00:00+02,false,""',
      ',,,,,,,',
    ].join('\r\n');
    await writeFile(lake.path('t.csv'), text);
    expect(await types('t')).toEqual({
      id: 'BIGINT',
      zip: 'VARCHAR',
      price: 'DOUBLE',
      day: 'DATE',
      at: 'TIMESTAMP',
      zoned: 'TIMESTAMP WITH TIME ZONE',
      ok: 'BOOLEAN',
      note: 'VARCHAR',
    });
    const probe = await TableProbe.open(lake.source(), 't');
    const result = await probe.execute(probe.plan(['id', 'zip', 'price', 'day', 'at', 'ok', 'note']));
    expect(await lake.rows(result.sql)).toEqual([
      ['1', '00123', 1.5, '2025-01-31', '2025-01-31 10:00:00', true, 'a, "b"\nc'],
      ['-2', '04567', 2, '2024-02-29', '2025-01-31 10:00:00.25', false, ''],
      [null, null, null, null, null, null, null],
    ]);
  });

  test('delimiter, quotes, NULL text and a missing header are options', async () => {
    await writeFile(lake.path('t.csv'), "1;'x;y';-\n2;-;'-'\n");
    const options: Partial<LakeOptions> = {
      tables: { t: { path: 't.csv', csv: { delimiter: ';', header: false, quote: "'", nullString: '-' } } },
    };
    expect(await types('t', options)).toEqual({ column0: 'BIGINT', column1: 'VARCHAR', column2: 'VARCHAR' });
    expect(await read('t', options)).toEqual([
      ['1', 'x;y', null],
      ['2', null, '-'],
    ]);
  });

  test('files whose headers differ in order or number are read by name', async () => {
    await writeFile(lake.path('t_1.csv'), 'a,b\n1,x\n');
    await writeFile(lake.path('t_2.csv'), 'b,c,a\ny,2025-01-01,2\n');
    const options: Partial<LakeOptions> = { tables: { t: { path: 't_*.csv' } } };
    expect(await read('t', options)).toEqual([
      ['1', 'x', null],
      ['2', 'y', '2025-01-01'],
    ]);
  });

  test('tabs in .tsv, gzip and zstd by extension', async () => {
    await writeFile(lake.path('tabs.tsv'), 'a\tb\n1\tx,y\n');
    await writeFile(lake.path('zipped.csv.gz'), gzipSync('a,b\n1,x\n'));
    await writeFile(lake.path('zstd.csv.zst'), zstdCompressSync('a,b\n1,x\n'));
    expect(await read('tabs')).toEqual([['1', 'x,y']]);
    expect(await read('zipped')).toEqual([['1', 'x']]);
    expect(await read('zstd')).toEqual([['1', 'x']]);
  });

  test.each([
    ['BIGINT', '1', '1.5'],
    ['BIGINT', '1', '15e-1'],
    ['DATE', '2025-01-01', '2025-01-01 10:00:00'],
    ['TIMESTAMP', '2025-01-01 10:00:00', '2025-01-01 10:00:00+02:00'],
    ['TIMESTAMP', '2025-01-01 10:00:00', '2025-01-01 10:00:00.1234567'],
    ['DECIMAL(6,2)', '1.50', '1.505'],
    ['INTEGER', '1', 'x'],
  ])('as %s, after values such as %s, %s is an error and not another value', async (type, good, bad) => {
    await writeFile(lake.path('t.csv'), `c\n${good}\n${bad}\n`);
    const options: Partial<LakeOptions> = { tables: { t: { path: 't.csv', columns: { c: type } } } };
    await expect(read('t', options)).rejects.toThrow(bad);
    await writeFile(lake.path('t.csv'), `c\n${good}\n`);
    expect(await read('t', options)).toHaveLength(1);
  });

  test('a record with too few fields is an error that names the file', async () => {
    await writeFile(lake.path('t.csv'), 'a,b\n1,2\n3\n');
    await expect(types('t')).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      object: lake.path('t.csv'),
    });
  });

  test('a damaged gzip file is an error that names the file', async () => {
    await writeFile(lake.path('t.csv.gz'), gzipSync('a\n'.repeat(1000)).subarray(0, 20));
    await expect(types('t')).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      object: lake.path('t.csv.gz'),
    });
  });
});

describe('NDJSON', () => {
  test('keys are columns, nested values are JSON', async () => {
    const lines = [
      '{"id": 1, "x": 1.5, "big": 9007199254740993, "day": "2025-01-31", "tags": ["a", "b"], "ok": true}',
      '',
      '{"id": 2, "x": 2, "name": "O\'Brien \\u00e9", "o": {"a": [1, null]}, "ok": null}',
    ];
    await writeFile(lake.path('t.ndjson'), lines.join('\n'));
    expect(await types('t')).toEqual({
      id: 'BIGINT',
      x: 'DOUBLE',
      big: 'BIGINT',
      day: 'DATE',
      tags: 'JSON',
      ok: 'BOOLEAN',
      name: 'VARCHAR',
      o: 'JSON',
    });
    expect(await read('t')).toEqual([
      ['1', 1.5, '9007199254740993', '2025-01-31', '["a","b"]', true, null, null],
      ['2', 2, null, null, null, null, "O'Brien é", '{"a":[1,null]}'],
    ]);
  });

  test('a row count needs no column', async () => {
    await writeFile(lake.path('t.jsonl'), '{"a":1}\n{"b":2}\n{}\n');
    const probe = await TableProbe.open(lake.source(), 't');
    const result = await probe.execute(probe.plan([]));
    expect(await lake.rows(`SELECT count(*)::INTEGER FROM (${result.sql})`)).toEqual([[3]]);
  });

  test('a fraction beyond the sample is an error for an integer column', async () => {
    const lines = Array.from({ length: 2000 }, (_, i) => `{"n": ${i === 1999 ? '0.5' : i}}`);
    await writeFile(lake.path('t.ndjson'), lines.join('\n'));
    expect(await types('t')).toEqual({ n: 'BIGINT' });
    await expect(read('t')).rejects.toThrow(
      `Cannot read "${lake.path('t.ndjson')}": column n has 0.5, which is not a BIGINT`,
    );
  });

  test('a line that is no JSON object is an error that names the file', async () => {
    await writeFile(lake.path('t.ndjson'), '{"a":1}\n[1]\n');
    await expect(types('t')).rejects.toMatchObject({
      code: 'SOURCE.CORRUPT_DATA',
      message: expect.stringContaining('line 2'),
    });
  });
});
