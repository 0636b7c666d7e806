import { isDeepStrictEqual } from 'node:util';
import {
  type FederatedDataSourceInfo,
  type RemoteTableSchema,
  TributaryError,
  sameType,
  typeName,
} from '@tributary/connector-sdk';
import { createSourceFromConnector } from '@tributary/core';
import { tableNames } from '../fixtures/standard-tables.js';
import { answer } from '../run/answer.js';
import type { Check } from '../suite/check.js';
import { ConformanceError, expect } from '../suite/conformance-error.js';
import { callContext } from '../world/call-context.js';
import { DirectCall } from '../world/direct-call.js';
import { quoteName, testedId } from '../world/sql-name.js';
import type { World } from '../world/world.js';

/** A name that no source has. */
const absent = 'tributary_no_such_table';

/** What a source may correct by what it has measured. */
const costFigures = ['latencyMs', 'bandwidthMbps', 'costMultiplier'] as const;

export const contractChecks: readonly Check[] = [
  {
    id: 'contract.version',
    title: 'the connector names the contract version that it was built for',
    run: async ({ subject: { connector }, source }) => {
      const { name, sdkVersion } = connector;
      const configSchema = {
        '~standard': { version: 1, vendor: 'conformance', validate: (value: unknown) => ({ value }) },
      } as const;
      await createSourceFromConnector({ name, sdkVersion, configSchema, create: () => source }, testedId, {});
    },
  },
  {
    id: 'contract.info',
    title: 'getInfo is complete and constant',
    run: async (world) => {
      const source = await world.newSource();
      const before = source.getInfo();
      expect(
        before.sourceId === testedId,
        `sourceId is "${before.sourceId}", create was given "${testedId}"`,
      );
      expect(
        before.connector === world.subject.connector.name,
        `connector is "${before.connector}", the connector's name is "${world.subject.connector.name}"`,
      );
      for (const figure of costFigures) {
        expect(Number.isFinite(before[figure]) && before[figure] >= 0, `${figure} is ${before[figure]}`);
      }
      expect(before.computeContext !== '', 'computeContext is empty');
      await source.describeTable(world.path('a'), callContext());
      // What a server can do may show only when it is first asked, and what it costs when it is measured.
      const met = constantPart(source.getInfo());
      expect(
        isDeepStrictEqual({ ...constantPart(before), capabilities: met.capabilities }, met),
        'getInfo() answers otherwise after the source was used, and not in its capabilities alone',
      );
      await source.listTables(callContext());
      await source.getRemoteStatistics({ name: tableNames.a, kind: 'table' }, callContext());
      expect(
        isDeepStrictEqual(constantPart(source.getInfo()), met),
        'getInfo() answers otherwise from one call to the next',
      );
    },
  },
  {
    id: 'contract.list',
    title: 'listTables names every table',
    run: async ({ source }) => {
      const listed = await source.listTables(callContext());
      const names = new Set(listed.map(({ name }) => name));
      const missing = Object.values(tableNames).filter((name) => !names.has(name));
      expect(missing.length === 0, `listTables does not name ${missing.join(', ')}`);
    },
  },
  {
    id: 'contract.describe',
    title: 'describeTable gives the columns, types and keys that are there',
    run: async (world) => {
      for (const table of ['a', 'types', 'empty'] as const) await checkDescription(world, table);
    },
  },
  {
    id: 'contract.missing-table',
    title:
      'a table that is not there is undefined or SOURCE.MISSING_OBJECT, and a query says that it is unknown',
    run: async ({ source, engine }) => {
      const described = await source.describeTable([absent], callContext()).catch(missingObject);
      expect(described === undefined, `describeTable makes up a table ${absent}`);
      const error = await answer(engine, `SELECT * FROM ${quoteName(testedId, absent)}`).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error instanceof TributaryError, `a query on ${absent} gives ${String(error)}`);
      expect(
        error.category === 'user' || error.code === 'SOURCE.MISSING_OBJECT',
        `its error is ${error.code}`,
      );
    },
  },
  {
    id: 'contract.statistics',
    title: 'statistics do not contradict the data',
    run: async (world) => {
      for (const table of ['a', 'types', 'many', 'empty'] as const) await checkStatistics(world, table);
    },
  },
  {
    id: 'contract.plan',
    title: 'the same request is planned the same way, and a whole table leaves nothing to the engine',
    run: async (world) => {
      const { source } = world;
      await using call = await DirectCall.open(source, world.path('a'));
      const again = source.planRemoteQuery(call.plan.request);
      expect(again.native === call.plan.native, `first "${call.plan.native}", then "${again.native}"`);
      expect(again.native !== '', 'native is empty');
      expect(
        again.residual.filters.length === 0 && !again.residual.limit,
        'a plan without filters and limit has a residual',
      );
    },
  },
  {
    id: 'contract.health',
    title: 'checkHealth finds the source healthy and says its version',
    run: async ({ source }) => {
      const health = await source.checkHealth(callContext());
      const findings = health.findings.filter(({ level }) => level === 'error');
      expect(health.healthy && findings.length === 0, `checkHealth finds ${JSON.stringify(health)}`);
    },
  },
];

function missingObject(error: unknown): undefined {
  if (error instanceof TributaryError && error.code === 'SOURCE.MISSING_OBJECT') return undefined;
  throw new ConformanceError('describeTable fails otherwise than with SOURCE.MISSING_OBJECT', {
    cause: error,
  });
}

async function checkDescription(world: World, key: 'a' | 'types' | 'empty'): Promise<void> {
  const { name, columns } = world.table(key);
  const described = await world.source.describeTable(world.path(key), callContext());
  expect(described !== undefined, `describeTable finds no ${name}`);
  const given = described.columns.map((column) => column.name);
  const wanted = columns.map((column) => column.name);
  expect(
    isDeepStrictEqual(given, wanted),
    `${name} has the columns ${wanted.join()}, described as ${given.join()}`,
  );
  for (const { name: column, readAs, nullable } of columns) {
    const found = described.columns.find((each) => each.name === column);
    expect(
      found !== undefined && sameType(found.type, readAs),
      `${name}.${column} is ${typeName(readAs)}, described as ${found ? typeName(found.type) : 'nothing'}; ` +
        'another type needs a known gap with readAs',
    );
    expect(found.nullable || !nullable, `${name}.${column} holds NULLs and is described as NOT NULL`);
  }
  checkKeys(described, wanted);
}

/** The only key of a fixture table is `id`. */
function checkKeys(
  { table, primaryKey, uniqueKeys, indexes }: RemoteTableSchema,
  names: readonly string[],
): void {
  for (const key of [primaryKey, ...uniqueKeys].filter((each) => each.length > 0)) {
    expect(key.includes('id'), `${table.name} is described as unique by ${key.join()}, which it is not`);
  }
  const unknown = indexes.flat().filter((name) => !names.includes(name));
  expect(unknown.length === 0, `${table.name} has an index on ${unknown.join()}, which is no column`);
}

async function checkStatistics(world: World, key: 'a' | 'types' | 'many' | 'empty'): Promise<void> {
  const described = await world.source.describeTable(world.path(key), callContext());
  expect(described !== undefined, `describeTable finds no ${key}`);
  const statistics = await world.source.getRemoteStatistics(described.table, callContext());
  if (statistics === undefined) return;
  const { name } = described.table;
  const { rows, bytes, columns, origin } = statistics;
  expect(Number.isFinite(rows) && rows >= 0, `${name} has ${rows} rows`);
  expect(bytes === undefined || (Number.isFinite(bytes) && bytes >= 0), `${name} has ${bytes} bytes`);
  const { rowCount } = world.table(key);
  expect(
    origin !== 'file-footer' || rows === rowCount,
    `${name} has ${rowCount} rows, its footers say ${rows}`,
  );
  for (const [column, { nullFraction, exactBounds, min, max }] of columns) {
    const type = described.columns.find((each) => each.name === column)?.type;
    expect(type !== undefined, `there are statistics of ${name}.${column}, which is no column`);
    expect(
      nullFraction === undefined || (nullFraction >= 0 && nullFraction <= 1),
      `${name}.${column} is NULL in ${nullFraction} of all rows`,
    );
    if (exactBounds !== true) continue;
    const bound = (text: string): string => `CAST('${text.replaceAll("'", "''")}' AS ${typeName(type)})`;
    const outside = [
      ...(min === undefined ? [] : [`${quoteName(column)} < ${bound(min)}`]),
      ...(max === undefined ? [] : [`${quoteName(column)} > ${bound(max)}`]),
    ];
    if (outside.length === 0) continue;
    const found = await world.duckdb.query(
      `SELECT ${quoteName(column)} FROM ${world.tested(key)} WHERE ${outside.join(' OR ')}`,
    );
    expect(
      found.rows.length === 0,
      () => `${name}.${column} lies between ${min} and ${max}, it says; it holds ${String(found.rows[0])}`,
    );
  }
}

function constantPart(
  info: FederatedDataSourceInfo,
): Omit<FederatedDataSourceInfo, (typeof costFigures)[number]> {
  const { latencyMs: _latency, bandwidthMbps: _bandwidth, costMultiplier: _price, ...rest } = info;
  return rest;
}
