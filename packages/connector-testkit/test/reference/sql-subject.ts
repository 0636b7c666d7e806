import { type IFederatedDataSource, type SqlCapabilities } from '@tributary/connector-sdk';
import { createSqlSource } from '@tributary/connector-sdk/sql';
import type { ConformanceSubject, KnownGap } from '../../src/index.js';
import { fillOracle } from '../../src/world/oracle-tables.js';
import { type StandardTable, standardTables } from '../../src/fixtures/standard-tables.js';
import { DuckdbDriver, type SpoilValue, classify } from './duckdb-driver.js';
import type { DuckdbServer } from './duckdb-server.js';
import { referenceDialect } from './reference-dialect.js';

const sqlConnector = { name: 'reference-sql', sdkVersion: '^1.0' } as const;

const gaps: readonly KnownGap[] = [
  { what: 'type', types: ['struct', 'map'], reason: 'The SDK makes no such columns of rows.' },
];

const sqlTables: readonly StandardTable[] = standardTables(gaps).all;

export const sqlCapabilities: SqlCapabilities = {
  kind: 'sql',
  dialect: referenceDialect,
  joins: ['inner', 'left', 'right', 'full', 'semi', 'anti', 'mark', 'single'],
  setOperations: ['union', 'union-all', 'except', 'except-all', 'intersect', 'intersect-all'],
  aggregate: true,
  groupingSets: true,
  distinct: true,
  distinctOn: true,
  window: true,
  sort: true,
  limit: true,
  offset: true,
  values: true,
  with: true,
  dependentJoin: true,
  keySets: { maxKeys: 1000, multiColumn: true },
};

export interface SqlReferenceOptions {
  readonly password?: string;
  readonly capabilities?: SqlCapabilities;
  readonly spoil?: SpoilValue;
}

export function createReferenceSql(
  server: DuckdbServer,
  sourceId: string,
  { password = server.password, capabilities = sqlCapabilities, spoil }: SqlReferenceOptions = {},
): IFederatedDataSource {
  return createSqlSource({
    sourceId,
    connector: sqlConnector.name,
    latencyMs: 1,
    bandwidthMbps: 1000,
    costMultiplier: 1,
    computeContext: 'reference-server',
    capabilities,
    driver: new DuckdbDriver(server, password, sqlTables, spoil),
    classify,
  });
}

/** The SQL reference as the suite is given it; a wrong one differs in what `create` makes. */
export function sqlSubject(
  server: DuckdbServer,
  create: (sourceId: string) => IFederatedDataSource = (sourceId) => createReferenceSql(server, sourceId),
): ConformanceSubject {
  return {
    connector: sqlConnector,
    create,
    secrets: [server.password],
    fixtures: {
      load: async (tables) => {
        for (const table of sqlTables.filter(({ name }) => tables.some((wanted) => wanted.name === name))) {
          await server.run(`DROP TABLE IF EXISTS ${table.name}`);
          await fillOracle(server, table, table.name, 'type');
        }
      },
    },
    hooks: {
      wrongCredentials: (sourceId, password) => createReferenceSql(server, sourceId, { password }),
      interrupt: () => server.interrupt(),
      dropColumn: (table, column) => server.run(`ALTER TABLE "${table}" DROP COLUMN "${column}"`),
      activeStatements: () => server.active,
      traffic: () => ({ bytes: server.bytes }),
    },
    knownGaps: gaps,
  };
}
