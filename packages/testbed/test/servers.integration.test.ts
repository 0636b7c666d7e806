import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTpch, startClickhouse, startMariadb, startMysql, type TestServer } from '@tributary/testbed';
import { expectNothingIsLeft, expectToGoWithItsOwner } from './support/processes.js';

const kinds = [
  {
    title: 'startMysql',
    start: () => startMysql({ settings: { max_allowed_packet: '1048576' } }),
    query: inMysql,
    versionSql: 'SELECT version()',
    version: /^8\.0\./,
    settingSql: 'SELECT @@max_allowed_packet',
    createKept: 'CREATE TABLE kept AS SELECT 42 AS answer',
    // The collation that surprises: it folds case and accents.
    surprise: { sql: `SELECT 'a' = 'À'`, answer: '1' },
    indexes: { sql: mysqlIndexes(), count: '17' },
  },
  {
    title: 'startMariadb',
    start: () => startMariadb({ settings: { max_allowed_packet: '1048576' } }),
    query: inMysql,
    versionSql: 'SELECT version()',
    version: /^10\.11\..*MariaDB/,
    settingSql: 'SELECT @@max_allowed_packet',
    createKept: 'CREATE TABLE kept AS SELECT 42 AS answer',
    surprise: { sql: `SELECT 'a' = 'À'`, answer: '1' },
    indexes: { sql: mysqlIndexes(), count: '17' },
  },
  {
    title: 'startClickhouse',
    start: () => startClickhouse({ profile: { max_block_size: '1048576' } }),
    query: inClickhouse,
    versionSql: 'SELECT version()',
    version: /^26\.7\./,
    settingSql: `SELECT toUInt64(getSetting('max_block_size'))`,
    createKept: 'CREATE TABLE kept ENGINE = MergeTree ORDER BY answer AS SELECT 42 AS answer',
    surprise: { sql: 'SELECT max(number) IS NULL FROM numbers(0)', answer: '0' },
    indexes: {
      sql: `SELECT count() FROM system.parts WHERE active AND database = currentDatabase() AND table <> 'kept'`,
      count: '8',
    },
  },
] as const;

describe.each(kinds)('$title', (kind) => {
  let server: TestServer;

  beforeAll(async () => {
    server = await kind.start();
  });

  afterAll(() => server[Symbol.asyncDispose]());

  it('is the real thing, with a password and the settings asked for', async () => {
    expect(await kind.query(server.url, kind.versionSql)).toMatch(kind.version);
    expect(await kind.query(server.url, kind.settingSql)).toBe('1048576');
    expect(await kind.query(server.url, kind.surprise.sql)).toBe(kind.surprise.answer);
    const wrong = server.url.replace(`:${server.password}@`, ':wrong@');
    await expect(kind.query(wrong, 'SELECT 1')).rejects.toThrow(/Access denied|Authentication failed/);
  });

  it('comes back after a stop and after a kill, on its port and with its data', async () => {
    await kind.query(server.url, kind.createKept);
    const firstPid = server.pid;
    await server.stop();
    expect(server.pid).toBeUndefined();
    await expect(kind.query(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();
    expect(server.pid).not.toBe(firstPid);
    await server.kill();
    await expect(kind.query(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();
    expect(await kind.query(server.url, 'SELECT answer FROM kept')).toBe('42');
  });

  it('takes TPC-H with keys, indexes and statistics', async () => {
    await loadTpch(server.url);
    expect(await kind.query(server.url, 'SELECT count(*) FROM lineitem')).toBe('60175');
    expect(await kind.query(server.url, 'SELECT sum(l_extendedprice) FROM lineitem')).toBe('2152189760.47');
    expect(await kind.query(server.url, kind.indexes.sql)).toBe(kind.indexes.count);
  });

  it('leaves nothing behind, several at once', () => expectNothingIsLeft(server, kind.start));

  it('goes when its owner is killed', () => expectToGoWithItsOwner(kind.title));
});

function mysqlIndexes(): string {
  return `SELECT count(DISTINCT table_name, index_name) FROM information_schema.statistics WHERE table_schema = database()`;
}

async function inMysql(url: string, sql: string): Promise<string> {
  const connection = await createConnection({ uri: url, decimalNumbers: false });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return String(Object.values(rows[0] ?? {})[0]);
  } finally {
    await connection.end();
  }
}

async function inClickhouse(url: string, sql: string): Promise<string> {
  const client = createClient({ url, log: { level: ClickHouseLogLevel.OFF } });
  try {
    if (sql.startsWith('CREATE')) return (await client.command({ query: sql })).query_id;
    const answer = await client.query({ query: sql, format: 'TabSeparated' });
    return (await answer.text()).trim();
  } finally {
    await client.close();
  }
}
