import { type IFederatedDataSource, type SqlCapabilities, isExactNumber } from '@tributary/connector-sdk';
import { createSqlSource, DescribedTables } from '@tributary/connector-sdk/sql';
import { dialects } from './dialect/mysql-dialect.js';
import { describeTable, type MySqlTable } from './discovery/describe-table.js';
import { listTables } from './discovery/list-tables.js';
import { classifyError } from './errors/classify.js';
import { Connections } from './execute/connections.js';
import { run } from './execute/run.js';
import { checkHealth } from './health.js';
import type { MySqlOptions } from './options.js';
import { preparedRelation } from './plan/read-forms.js';
import type { ProductName } from './product.js';
import { measureTable } from './statistics/table-statistics.js';
import { toMySqlText } from './types/value-text.js';

/** A MySQL or MariaDB server as a source of tables. Nothing connects before the first call. */
export type MySqlSource = IFederatedDataSource & AsyncDisposable;

export function mySqlSource(sourceId: string, options: MySqlOptions): MySqlSource {
  const tables = new DescribedTables<MySqlTable>();
  const { host, port, socketPath, user } = options.server;
  const address = socketPath === undefined ? `${host}:${port}` : encodeURIComponent(socketPath);
  // Another user may see other rows and tables, so he is another context.
  const computeContext = `mysql://${encodeURIComponent(user)}@${address}`;
  const connections = new Connections(sourceId, computeContext, options);
  const known = options.product === 'auto' ? undefined : options.product;
  const product = (): ProductName | undefined => connections.product?.name ?? known;
  return createSqlSource({
    sourceId,
    connector: 'mysql',
    latencyMs: options.latencyMs,
    bandwidthMbps: options.bandwidthMbps,
    costMultiplier: options.costMultiplier,
    computeContext,
    capabilities: () => {
      const name = product();
      return name === undefined ? beforeFirstContact : capabilities[name];
    },
    driver: {
      listTables: (ctx) => listTables(connections, options, ctx),
      describeTable: async (path, ctx) => {
        const table = await describeTable(connections, path, options, ctx);
        if (table !== undefined) tables.remember(table);
        return table?.schema;
      },
      tableStatistics: async (schema, ctx) => {
        const table = tables.named(schema.table);
        return table && measureTable(connections, table, ctx);
      },
      run: async (statement, ctx) => run({ sourceId, computeContext, options, connections }, statement, ctx),
      checkHealth: (ctx) => checkHealth(connections, options, ctx),
      close: () => connections.close(),
    },
    classify: classifyError,
    prepareRelation: (relation) => preparedRelation(relation, tables, product()),
    hasValue: (type, text) => toMySqlText(type, text) !== undefined,
  });
}

const capabilities: Readonly<Record<ProductName, SqlCapabilities>> = {
  mysql: capabilitiesOf('mysql'),
  mariadb: capabilitiesOf('mariadb'),
};

/** What holds for both. */
const beforeFirstContact: SqlCapabilities = {
  ...capabilities.mariadb,
  setOperations: capabilities.mysql.setOperations,
};

function capabilitiesOf(product: ProductName): SqlCapabilities {
  return {
    kind: 'sql',
    dialect: dialects[product],
    joins: ['inner', 'left', 'right', 'semi', 'anti', 'mark', 'single'],
    // Inside FROM, MySQL 8.0.31 takes a NULL constant for the other side's constant: `(SELECT 'f', x INTERSECT SELECT NULL, x)` has rows.
    setOperations:
      product === 'mysql'
        ? ['union', 'union-all']
        : ['union', 'union-all', 'except', 'except-all', 'intersect', 'intersect-all'],
    aggregate: true,
    groupingSets: false,
    distinct: true,
    distinctOn: false,
    window: true,
    sort: true,
    limit: true,
    offset: true,
    values: true,
    with: true,
    // MariaDB's subqueries in FROM see nothing of the statement around them.
    dependentJoin: product === 'mysql',
    // Rows with text that the column's collation takes for a key come as well: see `withRawPredicates`.
    keySets: { maxKeys: 20_000, multiColumn: true, exact: isExactNumber },
  };
}
