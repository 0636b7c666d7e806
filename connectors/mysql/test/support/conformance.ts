import {
  type ConformanceSubject,
  describeConnector,
  openTcpProxy,
  sqlFixtures,
} from '@tributary/connector-testkit';
import { type DataType, typeName } from '@tributary/connector-sdk';
import type { TestServer } from '@tributary/testbed';
import { createConnection } from 'mysql2/promise';
import { afterAll, it } from 'vitest';
import { createMySqlSource, mysql } from '../../src/index.js';
import { toMySqlText } from '../../src/types/value-text.js';

/** The conformance suite over a server, which is stopped at its end. */
export async function conformanceOf(
  server: TestServer,
  product: 'mysql' | 'mariadb',
  report: URL,
): Promise<void> {
  const { subject, dispose } = await conformanceSubject(server, product);
  afterAll(dispose);
  describeConnector({ ...subject, test: it, after: afterAll, report });
}

async function conformanceSubject(
  server: TestServer,
  product: 'mysql' | 'mariadb',
): Promise<{ readonly subject: ConformanceSubject; readonly dispose: () => Promise<void> }> {
  const { hostname, port, pathname } = new URL(server.url);
  const proxy = await openTcpProxy({ host: hostname, port: Number(port) });
  const admin = await createConnection({ uri: server.url, charset: 'utf8mb4' });
  await admin.query("SET time_zone = '+00:00'");
  // The testbed's own password stands in the names of the suite's tables.
  const password = 'Zq9!conformance';
  await admin.query(`CREATE USER 'reader'@'%' IDENTIFIED BY '${password}'`);
  await admin.query("GRANT SELECT ON *.* TO 'reader'@'%'");

  const dispose = async (): Promise<void> => {
    await admin.end();
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  };

  /** Through the proxy, without TLS, so that it can count and cut. */
  const options = {
    host: proxy.host,
    port: proxy.port,
    user: 'reader',
    password,
    database: pathname.slice(1),
    ssl: { mode: 'disable' },
    // What is known before the first connection is then all there is to know.
    product,
  } as const;

  const subject: ConformanceSubject = {
    connector: mysql,
    name: product,
    create: (sourceId) => createMySqlSource(sourceId, options),
    secrets: [options.password],
    fixtures: sqlFixtures({
      run: (sql) => admin.query(sql),
      // MariaDB does not sort by anything longer than TEXT.
      typeName: (type) => (product === 'mariadb' ? nativeType(type).replace('LONG', '') : nativeType(type)),
      literal: nativeLiteral,
      quoteIdentifier: (text) => `\`${text.replaceAll('`', '``')}\``,
      afterLoad: (table) => [`ANALYZE TABLE ${table}`],
    }),
    hooks: {
      wrongCredentials: (sourceId, wrong) => createMySqlSource(sourceId, { ...options, password: wrong }),
      interrupt: () => proxy.cut(),
      traffic: () => ({ bytes: proxy.bytesServed }),
      dropColumn: async (table, column) => {
        await admin.query('ALTER TABLE ?? DROP COLUMN ??', [table, column]);
      },
      activeStatements: async () => {
        const [rows] = await admin.query(
          `SELECT COUNT(*) AS active FROM information_schema.processlist
           WHERE command IN ('Query', 'Execute') AND id <> CONNECTION_ID() AND user = ?`,
          [options.user],
        );
        return Number(Array.isArray(rows) && rows[0] !== undefined && 'active' in rows[0] && rows[0].active);
      },
    },
    knownGaps: [
      {
        what: 'values',
        types: ['float', 'double'],
        holds: (value) => Number.isFinite(Number(value)),
        reason: 'MySQL has no NaN and no infinities.',
      },
      {
        what: 'values',
        types: ['date', 'timestamp', 'timestamptz'],
        holds: holdsPoint,
        reason:
          'DATE and DATETIME have the years 1 to 9999, TIMESTAMP those from 1970 to 2038, and no infinities.',
      },
      {
        what: 'values',
        types: ['interval'],
        holds: (value) => /^\d{1,3}:\d\d:\d\d/.test(value),
        reason: 'A TIME has neither months nor days.',
      },
      {
        what: 'type',
        types: ['time'],
        reason: "MySQL's TIME is a length of time and is read as INTERVAL.",
      },
      { what: 'type', types: ['uuid'], reason: 'MySQL has no UUID type.' },
      { what: 'type', types: ['hugeint'], reason: 'DECIMAL is read as DECIMAL, of up to 38 digits.' },
      { what: 'type', types: ['timestamp_ns'], reason: 'MySQL keeps microseconds.' },
      { what: 'type', types: ['list', 'struct', 'map'], reason: 'MySQL has no nested types but JSON.' },
    ],
  };
  return { subject, dispose };
}

function holdsPoint(value: string, { type }: { readonly type: DataType }): boolean {
  if (toMySqlText(type, value) === undefined) return false;
  // The first second of 1970 is the zero of TIMESTAMP.
  return type.id !== 'timestamptz' || (value >= '1970-01-01 00:00:01' && value < '2038-01-19');
}

function nativeType(type: DataType): string {
  switch (type.id) {
    case 'boolean':
      return 'BIT(1)';
    case 'utinyint':
      return 'TINYINT UNSIGNED';
    case 'usmallint':
      return 'SMALLINT UNSIGNED';
    case 'uinteger':
      return 'INT UNSIGNED';
    case 'ubigint':
      return 'BIGINT UNSIGNED';
    case 'varchar':
      // The default collation folds case and accents, which is the trap that is to be tried.
      return 'LONGTEXT';
    case 'blob':
      return 'LONGBLOB';
    case 'timestamp':
      return 'DATETIME(6)';
    case 'timestamptz':
      return 'TIMESTAMP(6) NULL';
    case 'interval':
      return 'TIME(6)';
    default:
      return typeName(type);
  }
}

function nativeLiteral(value: string, type: DataType): string | undefined {
  // The shortest text of the largest FLOAT is a double that is larger than it.
  if (type.id === 'float' || type.id === 'double') return toMySqlText(type, value);
  if (type.id === 'timestamptz') return `'${value.replace(/\+00(:00)?$/, '')}'`;
  // Sessions of the test read a backslash as an escape.
  if (type.id === 'varchar' || type.id === 'json' || type.id === 'enum') {
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  }
  return undefined;
}
