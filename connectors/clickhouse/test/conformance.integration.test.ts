import { createClient } from '@clickhouse/client';
import { type DataType, isNumeric, typeName } from '@tributary/connector-sdk';
import { describeConnector, openTcpProxy, sqlFixtures } from '@tributary/connector-testkit';
import { startClickhouse } from '@tributary/testbed';
import { afterAll, it } from 'vitest';
import { quoteIdentifier, quoteText } from '../src/dialect/quote.js';
import { clickhouse, createClickhouseSource } from '../src/index.js';
import { clickhouseTypeName } from '../src/types/type-name.js';
import { toClickhouseText } from '../src/types/value-text.js';

const server = await startClickhouse();
const proxy = await openTcpProxy({ host: server.host, port: server.port });
const admin = createClient({ url: server.url });

afterAll(async () => {
  await admin.close();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Through the proxy, so that it can count and cut. */
const options = {
  host: proxy.host,
  port: proxy.port,
  user: server.user,
  password: server.password,
  database: server.database,
};

describeConnector({
  test: it,
  after: afterAll,
  connector: clickhouse,
  create: (sourceId) => createClickhouseSource(sourceId, options),
  fixtures: sqlFixtures({
    run: (query) => admin.command({ query }),
    typeName: (type, { nullable }) => {
      const name = fixtureTypeName(type);
      return nullable ? `Nullable(${name})` : name;
    },
    literal: (value, type) => literal(value, type),
    quoteIdentifier,
    tableOptions: 'ENGINE = MergeTree',
  }),
  hooks: {
    wrongCredentials: (sourceId, wrong) => createClickhouseSource(sourceId, { ...options, password: wrong }),
    interrupt: () => proxy.cut(),
    traffic: () => ({ bytes: proxy.bytesServed }),
    dropColumn: async (table, column) => {
      await admin.command({
        query: `ALTER TABLE ${quoteIdentifier(table)} DROP COLUMN ${quoteIdentifier(column)}`,
      });
    },
    activeStatements: async () => {
      const answer = await admin.query({
        query: "SELECT count() AS n FROM system.processes WHERE http_user_agent LIKE 'tributary%'",
        format: 'JSONEachRow',
      });
      const [row] = await answer.json<{ readonly n: string }>();
      return Number(row?.n);
    },
  },
  knownGaps: [
    { what: 'type', types: ['timestamp'], reason: 'A DateTime of ClickHouse is an instant.' },
    { what: 'type', types: ['timestamp_ns'], reason: 'Read as text, or to the microsecond.' },
    { what: 'type', types: ['time', 'interval', 'blob'], reason: 'ClickHouse has no such columns.' },
    {
      what: 'type',
      types: ['json'],
      reason: "ClickHouse's JSON holds objects only, and writes them its own way.",
    },
    {
      what: 'type',
      types: ['list', 'struct', 'map'],
      reason: 'Cannot be NULL in ClickHouse; tested by themselves.',
    },
    {
      what: 'values',
      types: ['date', 'timestamptz'],
      holds: (value) => /^(19\d\d|2[012]\d\d)-/.test(value),
      reason: 'Date32 and DateTime64 hold the years 1900 to 2299.',
    },
  ],
  report: new URL('../conformance.json', import.meta.url),
});

function fixtureTypeName(type: DataType): string {
  if (type.id !== 'enum') return clickhouseTypeName(type) ?? typeName(type);
  return `Enum8(${type.values.map((value, i) => `${quoteText(value)} = ${i + 1}`).join(', ')})`;
}

/** As text, which the column's type reads: a bare decimal could become a float on its way. */
function literal(value: string, type: DataType): string | undefined {
  if (type.id === 'boolean') return undefined;
  if (type.id === 'timestamptz') return `parseDateTime64BestEffort(${quoteText(value)}, 6, 'UTC')`;
  const text = toClickhouseText(type, value) ?? value;
  return isNumeric(type) ? `CAST(${quoteText(text)} AS ${clickhouseTypeName(type) ?? ''})` : quoteText(text);
}
