import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type DataType, typeName } from '@tributary/contract';
import { tableFromIPC, tableToIPC, Table } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliveredType } from './arrow/arrow-schema.js';
import { arrowBatches } from './arrow-result.js';
import { DuckdbRoom } from './duckdb/duckdb-room.js';
import { DuckdbSession } from './duckdb/duckdb-session.js';
import { rowsOf } from './rows.js';

const directory = mkdtempSync(join(tmpdir(), 'arrow-result-test-'));
let room: DuckdbRoom;

beforeAll(async () => {
  room = await DuckdbRoom.open({
    memoryBytes: 2 ** 29,
    threads: 2,
    tempDirectory: directory,
    maxTempBytes: 2 ** 30,
    allowedDirectories: [],
  });
});

afterAll(() => {
  room.close();
  rmSync(directory, { recursive: true });
});

async function read(sql: string, type: DataType): Promise<unknown[]> {
  await using session = await DuckdbSession.open(room, new AbortController().signal);
  const columns = [{ name: 'v', type }];
  const delivered = typeName(deliveredType(type));
  const statement = await session.prepare(`SELECT CAST(v AS ${delivered}) AS v FROM (${sql}) t(v)`);
  const result = await session.stream(statement);
  const values: unknown[] = [];
  for await (const batch of arrowBatches(session, result, columns)) {
    // What other programs read is the serialised form, so that is what the test reads.
    const copy = tableFromIPC(tableToIPC(new Table([batch])));
    expect(copy.schema.fields[0]?.type.toString()).toBe(batch.schema.fields[0]?.type.toString());
    for (const part of copy.batches) values.push(...rowsOf(part, columns).map((row) => row['v']));
  }
  return values;
}

/** Values as SQL, the type, and what `rows` gives. */
const cases: readonly (readonly [DataType, readonly string[], readonly unknown[]])[] = [
  [{ id: 'boolean' }, ['true', 'NULL', 'false'], [true, null, false]],
  [{ id: 'tinyint' }, ['-128', 'NULL', '127'], [-128, null, 127]],
  [{ id: 'smallint' }, ['-32768', 'NULL', '32767'], [-32768, null, 32767]],
  [{ id: 'integer' }, ['-2147483648', 'NULL', '2147483647'], [-2147483648, null, 2147483647]],
  [{ id: 'bigint' }, ['-9223372036854775808', 'NULL', '1'], [-(2n ** 63n), null, 1n]],
  [{ id: 'utinyint' }, ['255', 'NULL'], [255, null]],
  [{ id: 'usmallint' }, ['65535', 'NULL'], [65535, null]],
  [{ id: 'uinteger' }, ['4294967295', 'NULL'], [4294967295, null]],
  [{ id: 'ubigint' }, ['18446744073709551615', 'NULL'], [2n ** 64n - 1n, null]],
  [{ id: 'hugeint' }, ["'-170141183460469231731687303715884105728'", 'NULL', '7'], [-(2n ** 127n), null, 7n]],
  [{ id: 'uhugeint' }, ["'340282366920938463463374607431768211455'", 'NULL'], [2n ** 128n - 1n, null]],
  [{ id: 'float' }, ['1.5', "'nan'", "'-inf'", 'NULL'], [1.5, Number.NaN, Number.NEGATIVE_INFINITY, null]],
  [{ id: 'double' }, ['0.1', "'-0.0'", "'inf'", 'NULL'], [0.1, -0, Number.POSITIVE_INFINITY, null]],
  [{ id: 'decimal', precision: 4, scale: 2 }, ['-99.99', 'NULL', '0.05'], ['-99.99', null, '0.05']],
  [{ id: 'decimal', precision: 9, scale: 0 }, ['-999999999', 'NULL', '1'], ['-999999999', null, '1']],
  [
    { id: 'decimal', precision: 18, scale: 4 },
    ["'-12345678901234.5678'", 'NULL', '0.0001'],
    ['-12345678901234.5678', null, '0.0001'],
  ],
  [
    { id: 'decimal', precision: 38, scale: 10 },
    ["'-1234567890123456789012345678.0123456789'", 'NULL', '0.5'],
    ['-1234567890123456789012345678.0123456789', null, '0.5000000000'],
  ],
  [
    { id: 'varchar' },
    ["''", 'NULL', "'twelve bytes'", "'thirteen byte'", "'žluťoučký kůň úpěl ďábelské ódy'"],
    ['', null, 'twelve bytes', 'thirteen byte', 'žluťoučký kůň úpěl ďábelské ódy'],
  ],
  [{ id: 'json' }, [`'{"a": [1, 2]}'`, 'NULL'], ['{"a": [1, 2]}', null]],
  [{ id: 'blob' }, ["'\\x00\\xFF'", 'NULL', "''"], [Uint8Array.of(0, 255), null, new Uint8Array(0)]],
  [{ id: 'bit' }, ["'0101'", 'NULL'], ['0101', null]],
  [{ id: 'enum', values: ['low', 'high'] }, ["'high'", 'NULL', "'low'"], ['high', null, 'low']],
  [
    { id: 'uuid' },
    ["'00112233-4455-6677-8899-aabbccddeeff'", 'NULL', "'ffffffff-0000-0000-0000-000000000001'"],
    ['00112233-4455-6677-8899-aabbccddeeff', null, 'ffffffff-0000-0000-0000-000000000001'],
  ],
  [
    { id: 'date' },
    ["'2020-02-29'", 'NULL', "'1969-12-31'", "'infinity'", "'0044-03-15 (BC)'", "'12020-01-01'"],
    ['2020-02-29', null, '1969-12-31', 'infinity', '-000043-03-15', '+012020-01-01'],
  ],
  [{ id: 'time' }, ["'23:59:59.999999'", 'NULL', "'00:00:00'"], ['23:59:59.999999', null, '00:00:00']],
  [{ id: 'timetz' }, ["'12:00:00+02'", 'NULL'], ['12:00:00+02', null]],
  [
    { id: 'timestamp' },
    ["'2020-01-01 12:00:00.5'", 'NULL', "'1969-12-31 23:59:59.999999'", "'-infinity'"],
    ['2020-01-01T12:00:00.5', null, '1969-12-31T23:59:59.999999', '-infinity'],
  ],
  [
    { id: 'timestamptz' },
    ["'2020-01-01 12:00:00+02'", 'NULL', "'infinity'"],
    ['2020-01-01T10:00:00Z', null, 'infinity'],
  ],
  [{ id: 'timestamp_s' }, ["'2020-01-01 12:00:01'", 'NULL'], ['2020-01-01T12:00:01', null]],
  [{ id: 'timestamp_ms' }, ["'2020-01-01 12:00:01.25'", 'NULL'], ['2020-01-01T12:00:01.25', null]],
  [
    { id: 'timestamp_ns' },
    ["'2020-01-01 12:00:01.123456789'", 'NULL'],
    ['2020-01-01T12:00:01.123456789', null],
  ],
  [
    { id: 'interval' },
    ["'14 months -3 days 01:02:03.5'", 'NULL', "'0 days'", "'-90 minutes'"],
    ['P1Y2M-3DT1H2M3.5S', null, 'PT0S', 'PT-1H-30M'],
  ],
  [
    { id: 'list', element: { id: 'varchar' } },
    ["['a', NULL, 'a string that is not inlined']", 'NULL', '[]', "['b']"],
    [['a', null, 'a string that is not inlined'], null, [], ['b']],
  ],
  [
    { id: 'list', element: { id: 'list', element: { id: 'integer' } } },
    ['[[1], [], NULL]', 'NULL', '[[2, 3]]'],
    [[[1], [], null], null, [[2, 3]]],
  ],
  [
    { id: 'array', element: { id: 'integer' }, size: 2 },
    ['array_value(1, NULL)', 'NULL', 'array_value(3, 4)'],
    [[1, null], null, [3, 4]],
  ],
  [
    {
      id: 'struct',
      fields: [
        { name: 'a', type: { id: 'bigint' } },
        { name: 'b', type: { id: 'varchar' } },
      ],
    },
    ["{'a': 1, 'b': 'a string that is not inlined'}", 'NULL', "{'a': NULL, 'b': NULL}"],
    [{ a: 1n, b: 'a string that is not inlined' }, null, { a: null, b: null }],
  ],
  [
    { id: 'map', key: { id: 'varchar' }, value: { id: 'enum', values: ['x', 'y'] } },
    ["MAP {'k': 'y', 'l': NULL}", 'NULL', 'MAP {}'],
    [
      [
        { key: 'k', value: 'y' },
        { key: 'l', value: null },
      ],
      null,
      [],
    ],
  ],
  [{ id: 'null' }, ['NULL', 'NULL'], [null, null]],
];

describe('every type goes from DuckDB to Arrow and to rows', () => {
  test.each(cases)('%j', async (type, values, expected) => {
    const delivered = type.id === 'null' ? 'INTEGER' : typeName(type);
    const rows = values.map((value, index) => `(${index}, CAST(${value} AS ${delivered}))`);
    const sql = `SELECT v FROM (VALUES ${rows.join(', ')}) t(i, v) ORDER BY i`;
    expect(await read(sql, type)).toEqual(expected);
  });
});

describe('many chunks', () => {
  test('values and NULLs stay in their rows over chunk boundaries', async () => {
    const sql = `SELECT CASE WHEN r % 7 <> 0 THEN repeat('x', (r % 40)::INT) || r END FROM range(100000) t(r)`;
    const values = await read(sql, { id: 'varchar' });
    expect(values).toHaveLength(100_000);
    values.forEach((value, r) => {
      if (value !== (r % 7 === 0 ? null : `${'x'.repeat(r % 40)}${r}`)) expect(value).toBe(r);
    });
  });

  test('lists and structs agree with what DuckDB itself reads', async () => {
    const sql = `SELECT CASE WHEN r % 5 <> 0 THEN
        list_transform(range(r % 4), lambda i: CASE WHEN i <> 2 THEN {'n': i + r, 's': 'a string of value ' || r} END) END
      FROM range(20000) t(r)`;
    const field = (name: string, type: DataType): { name: string; type: DataType } => ({ name, type });
    const struct: DataType = {
      id: 'struct',
      fields: [field('n', { id: 'bigint' }), field('s', { id: 'varchar' })],
    };
    const values = await read(sql, { id: 'list', element: struct });
    const connection = await (await DuckDBInstance.create()).connect();
    const expected = await connection.runAndReadAll(sql);
    expect(values).toEqual(expected.getRowsJS().map(([value]) => value));
  });
});
