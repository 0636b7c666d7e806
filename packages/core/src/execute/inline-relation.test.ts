import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataType, type SpoolDirectory, typeName } from '@tributary/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { arrowBatches } from './arrow-result.js';
import { arrowSchemaOf } from './arrow/arrow-schema.js';
import { DuckdbRoom } from './duckdb/duckdb-room.js';
import { DuckdbSession } from './duckdb/duckdb-session.js';
import { canBeInline, maxInlineRows, stageFewRows } from './inline-relation.js';

const directory = mkdtempSync(join(tmpdir(), 'inline-relation-test-'));
let room: DuckdbRoom;
let files = 0;
const spool: SpoolDirectory = {
  newFile: (extension) => join(directory, `${files++}${extension}`),
  reserve: () => undefined,
  release: () => undefined,
};

beforeAll(async () => {
  room = await DuckdbRoom.open({
    memoryBytes: 2 ** 29,
    threads: 2,
    tempDirectory: join(directory, 'temp'),
    maxTempBytes: 2 ** 30,
    allowedDirectories: [directory],
  });
});
beforeEach(() => {
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
});
afterAll(() => {
  room.close();
  rmSync(directory, { recursive: true });
});

async function staged(sql: string, type: DataType) {
  await using session = await DuckdbSession.open(room, new AbortController().signal);
  const columns = [{ id: 1, name: 'v', type }];
  const statement = await session.prepare(sql);
  const batches = arrowBatches(session, await session.stream(statement), columns);
  const relation = await stageFewRows(arrowSchemaOf(columns), batches, columns, spool);
  const read = await session.rows(`SELECT hex(v::VARCHAR), typeof(v) FROM ${relation.from} AS s(v)`);
  const wanted = await session.rows(`SELECT hex(v::VARCHAR), '${typeName(type)}' FROM (${sql}) AS s(v)`);
  return { relation, read, wanted, isFile: readdirSync(directory).some((name) => name.endsWith('.parquet')) };
}

const values: readonly (readonly [DataType, readonly string[]])[] = [
  [{ id: 'boolean' }, ['true', 'false', 'NULL']],
  [{ id: 'bigint' }, ["'-9223372036854775808'", '9223372036854775807', 'NULL']],
  [{ id: 'ubigint' }, ['18446744073709551615', '0']],
  [{ id: 'hugeint' }, ["'-170141183460469231731687303715884105728'", '1']],
  [{ id: 'float' }, ["'0.1'", "'3.4028235e38'", "'-inf'", "'nan'", "'-0.0'", 'NULL']],
  [{ id: 'double' }, ["'0.1'", "'5e-324'", "'1.7976931348623157e308'", "'inf'", "'nan'", "'-0.0'"]],
  [
    { id: 'decimal', precision: 38, scale: 10 },
    ["'-9999999999999999999999999999.9999999999'", "'0.0000000001'"],
  ],
  [
    { id: 'varchar' },
    ["''", "'it''s'", "'\\'", "' padded '", "'[1, 2]'", "'NULL'", "'ä😀'", "chr(65279) || 'a'", 'NULL'],
  ],
  [{ id: 'uuid' }, ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'NULL']],
  [{ id: 'date' }, ["'0001-01-01'", "'9999-12-31'", 'NULL']],
  [{ id: 'timestamp' }, ["'0001-01-01 00:00:00.000001'", "'9999-12-31 23:59:59.999999'"]],
  [{ id: 'timestamptz' }, ["'2016-12-31 23:59:59.5+00'", 'NULL']],
];

test.each(values.map(([type, texts]) => ({ name: typeName(type), type, texts })))(
  'few rows of $name stand in the text, and read the same',
  async ({ type, texts }) => {
    const list = texts.map((text) => `(${text}::${typeName(type)})`).join(', ');
    const { read, wanted, isFile } = await staged(`SELECT * FROM (VALUES ${list})`, type);
    expect(read).toEqual(wanted);
    expect(isFile).toBe(false);
  },
);

test.each([
  ['the separator', "'a' || chr(31)", { id: 'varchar' }],
  ['the mark for NULL', 'chr(30)', { id: 'varchar' }],
  ['a zero byte', "'a' || chr(0) || 'b'", { id: 'varchar' }],
  ['an infinite date', "'infinity'::DATE", { id: 'date' }],
  ['a year before Christ', "'0044-03-15 (BC)'::DATE", { id: 'date' }],
  ['a year of six digits', "'12026-01-01'::TIMESTAMP", { id: 'timestamp' }],
  ['a long text', "repeat('x', 100000)", { id: 'varchar' }],
] as const)('%s goes to a file', async (_, sql, type) => {
  const { read, wanted, isFile } = await staged(`SELECT ${sql}`, type);
  expect(read).toEqual(wanted);
  expect(isFile).toBe(true);
});

test('more rows than were expected go to a file, every one of them', async () => {
  const { relation, read, isFile } = await staged(`SELECT range FROM range(${maxInlineRows + 3000})`, {
    id: 'bigint',
  });
  expect(relation.rows).toBe(maxInlineRows + 3000);
  expect(new Set(read.map(([v]) => v)).size).toBe(maxInlineRows + 3000);
  expect(isFile).toBe(true);
});

test('no rows are an empty relation', async () => {
  const { relation, read } = await staged('SELECT 1::BIGINT WHERE false', { id: 'bigint' });
  expect([relation.rows, read]).toEqual([0, []]);
});

test('types without a text of their own are never inline', () => {
  const column = (type: DataType) => [{ id: 1, name: 'v', type }];
  expect(canBeInline(column({ id: 'blob' }))).toBe(false);
  expect(canBeInline(column({ id: 'list', element: { id: 'bigint' } }))).toBe(false);
  expect(canBeInline([])).toBe(false);
});
