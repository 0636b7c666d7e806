import { describeConnector, openTcpProxy, sqlFixtures, standardLiteral } from '@tributary/connector-testkit';
import { type DataType, typeName } from '@tributary/contract';
import { startPostgres } from '@tributary/testbed';
import { Client } from 'pg';
import { afterAll, it } from 'vitest';
import { createPostgresSource, postgres } from '../src/index.js';

const server = await startPostgres();
const { hostname, port, pathname } = new URL(server.url);
const proxy = await openTcpProxy({ host: hostname, port: Number(port) });
const admin = new Client(server.url);
await admin.connect();
/** Not to be mistaken for anything else that is shown. */
const password = 'pg-conformance-5ecret';
await admin.query(`CREATE ROLE reader LOGIN PASSWORD '${password}' IN ROLE pg_read_all_data`);

afterAll(async () => {
  await admin.end();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Through the proxy, without TLS, so that it can count and cut. */
const options = {
  host: proxy.host,
  port: proxy.port,
  user: 'reader',
  password,
  database: pathname.slice(1),
  ssl: { mode: 'disable' },
} as const;

const enumName = 'size';

const tables = sqlFixtures({
  run: (sql) => admin.query(sql),
  typeName: postgresType,
  literal: postgresLiteral,
  afterLoad: (table) => [`ANALYZE ${table}`],
});

describeConnector({
  test: it,
  after: afterAll,
  connector: postgres,
  create: (sourceId) => createPostgresSource(sourceId, options),
  secrets: [password],
  fixtures: {
    load: async (fixtures) => {
      const enums = fixtures.flatMap(({ columns }) => columns.filter(({ type }) => type.id === 'enum'));
      for (const { type } of enums) await admin.query(`CREATE TYPE ${enumName} AS ${typeName(type)}`);
      await tables.load(fixtures);
    },
  },
  hooks: {
    wrongCredentials: (sourceId, wrong) => createPostgresSource(sourceId, { ...options, password: wrong }),
    interrupt: () => proxy.cut(),
    traffic: () => ({ bytes: proxy.bytesServed }),
    dropColumn: async (table, column) => {
      await admin.query(`ALTER TABLE "${table}" DROP COLUMN "${column}"`);
    },
    activeStatements: async () => {
      const { rows } = await admin.query<{ readonly count: string }>(
        `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tributary' AND state = 'active'`,
      );
      return Number(rows[0]?.count);
    },
  },
  knownGaps: [
    {
      what: 'type',
      types: ['tinyint', 'utinyint', 'usmallint', 'uinteger', 'ubigint', 'hugeint'],
      reason: 'PostgreSQL has signed integers of 16, 32 and 64 bits only.',
    },
    { what: 'type', types: ['timestamp_ns'], reason: 'PostgreSQL keeps microseconds.' },
    { what: 'type', types: ['struct', 'map'], reason: 'PostgreSQL has no such columns.' },
  ],
  report: new URL('../conformance.json', import.meta.url),
});

function postgresType(type: DataType): string {
  switch (type.id) {
    case 'double':
      return 'double precision';
    case 'float':
      return 'real';
    case 'varchar':
      return 'text';
    case 'blob':
      return 'bytea';
    case 'enum':
      return enumName;
    default:
      return typeName(type);
  }
}

function postgresLiteral(value: string, type: DataType): string | undefined {
  if (type.id === 'blob') return standardLiteral(value, type).replace("X'", String.raw`'\x`);
  if (type.id === 'list') return `'${value.replace('[', '{').replace(']', '}')}'`;
  // PostgreSQL writes the era behind the time.
  return value.includes(' (BC)') ? `'${value.replace(' (BC)', '')} BC'` : undefined;
}
