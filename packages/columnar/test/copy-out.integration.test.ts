import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrowRows, openPlainDuckDB, type PostgresServer, type Row, startPostgres } from '@tributary/testbed';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ArrowSink,
  type ColumnType,
  copyOut,
  CopySocket,
  createPgCopyDecoder,
  ParquetSpoolWriter,
  type PgCopyColumn,
  type ScalarType,
  spoolSelect,
  writeRecordBatches,
} from '../src/index.js';

let server: PostgresServer;
let client: Client;
let folder = '';

beforeAll(async () => {
  server = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'tributary-copy-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  client = new Client(server.url);
  // A connection that a test breaks tells so here too.
  client.on('error', () => undefined);
  await client.connect();
});
afterEach(() => client.end().catch(() => undefined));

interface TypeCase {
  readonly sqlType: string;
  readonly type: ColumnType;
  readonly encoding?: PgCopyColumn['encoding'];
  /** SQL literals without type; NULL is added. */
  readonly literals: readonly string[];
  /** The same as DuckDB writes them, where it does not read what PostgreSQL prints. */
  readonly expected?: readonly string[];
}

const simple = (
  sqlType: string,
  id: Exclude<ColumnType['id'], 'decimal' | 'list'>,
  ...literals: string[]
): TypeCase => ({
  sqlType,
  type: { id },
  literals,
});
const decimal = (precision: number, scale: number, ...literals: string[]): TypeCase => ({
  sqlType: `numeric(${precision},${scale})`,
  type: { id: 'decimal', precision, scale },
  literals,
});

const list = (sqlType: string, element: ScalarType, values: Readonly<Record<string, string>>): TypeCase => ({
  sqlType,
  type: { id: 'list', element },
  literals: Object.keys(values),
  expected: Object.values(values),
});

const typeCases: readonly TypeCase[] = [
  simple('bool', 'boolean', 'true', 'false'),
  simple('int2', 'smallint', '-32768', '32767', '0'),
  simple('int4', 'integer', '-2147483648', '2147483647'),
  simple('int8', 'bigint', '-9223372036854775808', '9223372036854775807'),
  simple('oid', 'uinteger', '0', '4294967295'),
  simple('float4', 'float', '1.5', 'NaN', 'Infinity', '-Infinity', '-0.25', '1e-45'),
  simple('float8', 'double', '0.1', 'NaN', 'Infinity', '-Infinity', '1e308', '5e-324'),
  decimal(4, 0, '0', '9999', '-9999'),
  decimal(9, 9, '0.123456789', '-0.000000001'),
  decimal(15, 2, '12345.67', '-0.05', '9999999999999.99', '100000', '0'),
  decimal(18, 5, '9999999999999.99999', '-0.1', '10000'),
  decimal(38, 0, '99999999999999999999999999999999999999', '-1'),
  decimal(38, 38, '0.99999999999999999999999999999999999999', '-0.00000000000000000000000000000000000001'),
  simple('text', 'varchar', '', 'a', "it''s", 'Ünïcode 👍', '%_\\'),
  { ...simple('char(5)', 'varchar', 'ab', ''), expected: [`'ab   '`, `'     '`] },
  simple('name', 'varchar', 'pg_class'),
  simple('mood', 'varchar', 'sad', 'happy'),
  simple('json', 'json', '{"a" : 1}', 'null'),
  { sqlType: 'jsonb', type: { id: 'json' }, encoding: 'jsonb', literals: ['{"a" : [1, null]}', '"x"'] },
  { sqlType: '"char"', type: { id: 'varchar' }, encoding: 'char', literals: ['a', '', '\\351'] },
  simple('bytea', 'blob', '\\x', '\\x00ff10'),
  simple(
    'uuid',
    'uuid',
    '123e4567-e89b-12d3-a456-426614174000',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ),
  simple(
    'date',
    'date',
    '2000-01-01',
    '0001-01-01',
    '4713-01-01 BC',
    '5874897-12-31',
    'infinity',
    '-infinity',
  ),
  simple('time', 'time', '00:00', '23:59:59.999999', '24:00'),
  {
    ...simple(
      'timestamp',
      'timestamp',
      '1999-12-31 23:59:59.999999',
      '4713-01-01 00:00 BC',
      '294246-12-31 23:59:59.999999',
      'infinity',
      '-infinity',
    ),
    expected: [
      `TIMESTAMP '1999-12-31 23:59:59.999999'`,
      `TIMESTAMP '4713-01-01 (BC) 00:00:00'`,
      `TIMESTAMP '294246-12-31 23:59:59.999999'`,
      `TIMESTAMP 'infinity'`,
      `TIMESTAMP '-infinity'`,
    ],
  },
  simple('timestamptz', 'timestamptz', '2024-03-31 02:30:00+02', '1970-01-01 00:00+00', 'infinity'),
  {
    ...simple('interval', 'interval', '1 year 2 mons -3 days 04:05:06.000007', '-178000000 years', '-1 us'),
    expected: [
      `to_months(14) + to_days(-3) + to_microseconds(14706000007)`,
      `to_months(-2136000000)`,
      `to_microseconds(-1)`,
    ],
  },
  list('int4[]', { id: 'integer' }, { '{}': '[]', '{1,NULL,3}': '[1, NULL, 3]', '{NULL}': '[NULL::INT]' }),
  list('text[]', { id: 'varchar' }, { '{"",a,"b c",NULL}': `['', 'a', 'b c', NULL]` }),
  list(
    'numeric(20,3)[]',
    { id: 'decimal', precision: 20, scale: 3 },
    { '{1.5,-99999999999999999.999}': '[1.5, -99999999999999999.999]', '{}': '[]' },
  ),
  list(
    'interval[]',
    { id: 'interval' },
    { '{"1 mon","2 us",NULL}': '[to_months(1), to_microseconds(2), NULL]' },
  ),
  { ...list('jsonb[]', { id: 'json' }, { '{"{\\"a\\": 1}"}': `['{"a": 1}']` }), encoding: 'jsonb' },
];

describe('COPY from a real PostgreSQL', () => {
  beforeAll(async () => {
    const setup = new Client(server.url);
    await setup.connect();
    await setup.query(`CREATE TYPE mood AS ENUM ('sad', 'happy')`);
    await setup.end();
  });

  it.each(typeCases)(
    'brings $sqlType over exactly',
    async ({ sqlType, type, encoding, literals, expected }) => {
      const columns = [
        { name: 'n', type: { id: 'integer' } },
        { name: 'v', type, ...(encoding === undefined ? {} : { encoding }) },
      ] as const;
      const rows = [...literals.map((literal) => `'${literal}'`), 'NULL'].map(
        (literal, n) => `(${n}, ${literal}::${sqlType})`,
      );
      const sql = `SELECT * FROM (VALUES ${rows.join(', ')}) t(n, v) ORDER BY n`;
      const copy = `COPY (${sql}) TO STDOUT (FORMAT binary)`;

      await using spool = await ParquetSpoolWriter.create({
        path: join(folder, `${crypto.randomUUID()}.parquet`),
        columns,
      });
      await copyOut(client, copy, createPgCopyDecoder({ columns, sink: spool }));
      const file = await spool.finish();
      await using duckdb = await openPlainDuckDB();
      const staged = (await duckdb.query(spoolSelect([file]))).rows;

      const written = expected ?? (await printed(sql)).map((text) => parse(type, text));
      const values = [...written, 'NULL'].map((value, n) => `(${n}, ${value})`);
      expect(staged).toEqual((await duckdb.query(`VALUES ${values.join(', ')}`)).rows);

      // Arrow's uuids are bytes.
      const sink = new ArrowSink(columns);
      await copyOut(client, copy, createPgCopyDecoder({ columns, sink }));
      sink.end();
      const batches = await Array.fromAsync(sink);
      if (type.id !== 'uuid') expect(arrowRows(batches)).toEqual(staged);

      await using again = await ParquetSpoolWriter.create({
        path: join(folder, `${crypto.randomUUID()}.parquet`),
        columns,
      });
      await writeRecordBatches(batches, columns, again);
      expect((await duckdb.query(spoolSelect([await again.finish()]))).rows).toEqual(staged);
    },
  );

  it.each([
    ['numeric', `'NaN'::numeric`, { id: 'decimal', precision: 10, scale: 2 }],
    ['numeric', `'Infinity'::numeric`, { id: 'decimal', precision: 10, scale: 2 }],
    ['numeric', `1.005::numeric`, { id: 'decimal', precision: 10, scale: 2 }],
    ['numeric', `1e30::numeric`, { id: 'decimal', precision: 10, scale: 2 }],
    ['interval', `'infinity'::interval`, { id: 'interval' }],
    ['timestamp', `'294276-12-31'::timestamp`, { id: 'timestamp' }],
    ['int[][]', `'{{1},{2}}'::int[]`, { id: 'list', element: { id: 'integer' } }],
  ] as const)('refuses a %s like %s', async (_, literal, type) => {
    const columns = [{ name: 'v', type }] as const;
    const decoder = createPgCopyDecoder({ columns, sink: new ArrowSink(columns), object: 't' });
    await expect(
      copyOut(client, `COPY (SELECT ${literal}) TO STDOUT (FORMAT binary)`, decoder),
    ).rejects.toMatchObject({
      code: 'SOURCE.UNREPRESENTABLE_VALUE',
      message: expect.stringContaining('column v, row 1'),
    });
  });
});

describe('copyOut', () => {
  const columns = [
    { name: 'n', type: { id: 'integer' } },
    { name: 'pad', type: { id: 'varchar' } },
  ] as const;
  const series = (count: number, value = `repeat('x', 100)`): string =>
    `COPY (SELECT g, ${value} FROM generate_series(1, ${count}) g) TO STDOUT (FORMAT binary)`;

  it('leaves the client as it was, with results before and after', async () => {
    const before = client.query('SELECT 1 AS one');
    const sink = new ArrowSink(columns, { maxQueued: 1000 });
    const copy = copyOut(client, series(200_000), createPgCopyDecoder({ columns, sink })).then(() =>
      sink.end(),
    );
    const after = client.query('SELECT 2 AS two');
    expect((await before).rows).toEqual([{ one: 1 }]);
    await copy;
    const rows = (await Array.fromAsync(sink)).reduce((sum, batch) => sum + batch.numRows, 0);
    expect(rows).toBe(200_000);
    expect((await after).rows).toEqual([{ two: 2 }]);
  });

  it('reads through a socket with one buffer of its own, as well as every other query does', async () => {
    const own = new Client({ connectionString: server.url, stream: () => new CopySocket() });
    await own.connect();
    const many = `SELECT g, repeat('y', 300) AS pad FROM generate_series(1, 20000) g`;
    for (let round = 0; round < 3; round++) {
      expect((await own.query(many)).rows.every(({ pad }) => pad === 'y'.repeat(300))).toBe(true);
      const sink = new ArrowSink(columns, { maxQueued: 1 });
      const decoder = createPgCopyDecoder({ columns, sink });
      const copy = copyOut(own, series(100_000, `g::text`), decoder).then(() => sink.end());
      const rows: Row[] = [];
      for await (const batch of sink) rows.push(...arrowRows([batch]));
      await copy;
      expect(rows).toHaveLength(100_000);
      expect(rows.every(([n, text]) => text === `'${n}'`)).toBe(true);
    }
    await own.end();
  });

  it('rejects with the error of the server, at the start and in the middle', async () => {
    const refused = createPgCopyDecoder({ columns, sink: new ArrowSink(columns) });
    await expect(copyOut(client, 'COPY nothing TO STDOUT (FORMAT binary)', refused)).rejects.toMatchObject({
      code: '42P01',
    });
    const broken = createPgCopyDecoder({ columns, sink: new ArrowSink(columns, { maxQueued: 1000 }) });
    const text = series(100_000, `(1 / (90000 - g))::text`);
    await expect(copyOut(client, text, broken)).rejects.toMatchObject({ code: '22012' });
    expect((await client.query('SELECT 3 AS three')).rows).toEqual([{ three: 3 }]);
  });

  it('hands notices to pg while it copies', async () => {
    await client.query(`CREATE OR REPLACE FUNCTION noisy(n int) RETURNS text LANGUAGE plpgsql AS
      $$ BEGIN RAISE NOTICE 'row %', n; RETURN n::text; END $$`);
    const notices: (string | undefined)[] = [];
    client.on('notice', ({ message }) => notices.push(message));
    const sink = new ArrowSink(columns, { maxQueued: 1000 });
    await copyOut(client, series(3, 'noisy(g)'), createPgCopyDecoder({ columns, sink }));
    sink.end();
    expect(arrowRows(await Array.fromAsync(sink))).toEqual([
      ['1', "'1'"],
      ['2', "'2'"],
      ['3', "'3'"],
    ] satisfies Row[]);
    expect(notices).toEqual(['row 1', 'row 2', 'row 3']);
  });

  it('stops when its signal fires, whether the server sends or the reader waits', async () => {
    for (const maxQueued of [1, 10_000]) {
      const own = new Client(server.url);
      own.on('error', () => undefined);
      await own.connect();
      const controller = new AbortController();
      const sink = new ArrowSink(columns, { maxQueued });
      const decoder = createPgCopyDecoder({ columns, sink, onProgress: () => controller.abort() });
      await expect(copyOut(own, series(10_000_000), decoder, controller.signal)).rejects.toMatchObject({
        code: 'QUERY.CANCELLED',
      });
      // Rows are still on their way, so nothing but the end of the connection is left.
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%10000000%' AND pid <> pg_backend_pid()`,
      );
      await own.end().catch(() => undefined);
    }
  });

  it('says that the connection broke', async () => {
    const decoder = createPgCopyDecoder({
      columns,
      sink: new ArrowSink(columns, { maxQueued: 10_000 }),
      onProgress: () => client.connection.stream.destroy(),
    });
    await expect(copyOut(client, series(10_000_000), decoder)).rejects.toMatchObject({
      code: 'SOURCE.UNREACHABLE',
    });
  });

  it('holds the server back while nobody reads', async () => {
    const sink = new ArrowSink(columns, { maxQueued: 1 });
    const decoder = createPgCopyDecoder({ columns, sink });
    const copying = copyOut(client, series(3_000_000), decoder).then(
      () => sink.end(),
      (error: Error) => sink.fail(error),
    );
    await new Promise((resolve) => setTimeout(resolve, 700));
    const bytes = decoder.bytes;
    expect(bytes).toBeLessThan(30_000_000);
    let rows = 0;
    for await (const batch of sink) rows += batch.numRows;
    await copying;
    expect(rows).toBe(3_000_000);
  });
});

/** What PostgreSQL prints, without the NULL at the end. */
async function printed(sql: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ v: string | null }>(`SELECT v::text AS v FROM (${sql}) t ORDER BY n`);
  return rows.flatMap(({ v }) => (v === null ? [] : [v]));
}

/** A DuckDB expression that reads PostgreSQL's text form as the type. */
function parse(type: ColumnType, text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  if (type.id === 'blob') return `from_hex(substr(${quoted}, 3))`;
  if (type.id === 'json') return quoted;
  if (type.id === 'decimal') return `${quoted}::DECIMAL(${type.precision}, ${type.scale})`;
  if (type.id === 'date') return `replace(${quoted}, ' BC', ' (BC)')::DATE`;
  return `${quoted}::${type.id}`;
}
