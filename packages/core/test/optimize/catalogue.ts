import {
  type ColumnStatistics,
  type DataType,
  type FederatedDataSourceInfo,
  type IFederatedDataSource,
  type RemoteTableSchema,
  type TableStatistics,
  TributaryError,
  decimalType,
  duckdbDialect,
} from '@tributary/contract';
import type { PlainDuckDB } from '@tributary/testbed';
import type { OptimizeContext } from '../../src/optimize/index.js';

export interface TestTable {
  readonly name: string;
  readonly source: string;
  readonly primaryKey: readonly string[];
  /** Columns that may hold NULL; absent: none. */
  readonly nullable?: readonly string[];
  /** Whether the planner may rely on minimum and maximum, as with Parquet footers. */
  readonly exactBounds?: boolean;
}

interface Known {
  readonly table: TestTable;
  readonly schema: RemoteTableSchema;
  readonly statistics: TableStatistics;
}

/** Tables of a DuckDB as a planner knows them, spread over sources: schemas, keys, exact statistics, nothing to run. */
export class TestCatalogue {
  readonly sources: readonly IFederatedDataSource[];
  readonly #tables: ReadonlyMap<string, Known>;

  private constructor(tables: ReadonlyMap<string, Known>) {
    this.#tables = tables;
    const ids = [...new Set([...tables.values()].map((t) => t.table.source))];
    this.sources = ids.map((id) => catalogueSource(id, tables));
  }

  static async read(duckdb: PlainDuckDB, tables: readonly TestTable[]): Promise<TestCatalogue> {
    const known = new Map<string, Known>();
    for (const table of tables) known.set(table.name, await readTable(duckdb, table));
    return new TestCatalogue(known);
  }

  context(firstFreeId: number): OptimizeContext {
    let next = firstFreeId;
    return {
      statistics: (_source, path) => this.#tables.get(path.at(-1) ?? '')?.statistics,
      schema: (_source, path) => this.#tables.get(path.at(-1) ?? '')?.schema,
      info: (id) => this.sources.find((source) => source.sourceId === id)?.getInfo(),
      newId: () => next++,
    };
  }
}

async function readTable(duckdb: PlainDuckDB, table: TestTable): Promise<Known> {
  const described = await duckdb.query(`DESCRIBE ${table.name}`);
  const columns = described.rows.map((row) => ({
    name: unquoted(row[0]),
    type: typeNamed(unquoted(row[1])),
  }));
  const figures = columns.map(
    ({ name }) =>
      `count(DISTINCT ${name}), count(*) - count(${name}), min(${name})::VARCHAR, max(${name})::VARCHAR`,
  );
  const [row = []] = (await duckdb.query(`SELECT count(*), ${figures.join(', ')} FROM ${table.name}`)).rows;
  const rows = Number(unquoted(row[0]));
  const statistics = columns.map(({ name }, i): [string, ColumnStatistics] => [
    name,
    {
      distinct: Number(unquoted(row[1 + 4 * i])),
      nullFraction: rows === 0 ? 0 : Number(unquoted(row[2 + 4 * i])) / rows,
      ...(row[3 + 4 * i] !== 'NULL' && { min: unquoted(row[3 + 4 * i]), max: unquoted(row[4 + 4 * i]) }),
      exactBounds: table.exactBounds ?? false,
    },
  ]);
  return {
    table,
    schema: {
      table: { name: table.name, kind: 'table' },
      columns: columns.map((column) => ({
        ...column,
        nativeType: '',
        nullable: table.nullable?.includes(column.name) ?? false,
        comparison: 'ordered',
      })),
      primaryKey: table.primaryKey,
      uniqueKeys: [],
      indexes: [],
      version: '1',
    },
    statistics: { rows, columns: new Map(statistics), origin: 'source' },
  };
}

/** The oracle quotes text. */
function unquoted(cell: unknown): string {
  return String(cell)
    .replace(/^'(.*)'$/s, '$1')
    .replaceAll("''", "'");
}

const typesByName: ReadonlyMap<string, DataType> = new Map<string, DataType>([
  ['BIGINT', { id: 'bigint' }],
  ['INTEGER', { id: 'integer' }],
  ['DOUBLE', { id: 'double' }],
  ['DATE', { id: 'date' }],
  ['VARCHAR', { id: 'varchar' }],
]);

function typeNamed(name: string): DataType {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(name);
  if (decimal !== null) return decimalType(Number(decimal[1]), Number(decimal[2]));
  const type = typesByName.get(name);
  if (type === undefined) throw new RangeError(`unexpected column type ${name}`);
  return type;
}

function catalogueSource(sourceId: string, tables: ReadonlyMap<string, Known>): IFederatedDataSource {
  const own = (name: string): Known | undefined => {
    const known = tables.get(name);
    return known?.table.source === sourceId ? known : undefined;
  };
  const info: FederatedDataSourceInfo = {
    sourceId,
    sourceType: 'database',
    connector: 'catalogue',
    latencyMs: 1,
    bandwidthMbps: 8000,
    costMultiplier: 1,
    computeContext: sourceId,
    capabilities: {
      kind: 'sql',
      dialect: duckdbDialect,
      joins: ['inner', 'left', 'right', 'full', 'semi', 'anti'],
      setOperations: ['union', 'union-all', 'except', 'intersect'],
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
      dependentJoin: false,
      keySets: undefined,
    },
  };
  const nothingToRun = (): never => {
    throw new TributaryError('SOURCE.UNREACHABLE', { message: 'This catalogue holds no data.' });
  };
  return {
    sourceId,
    getInfo: () => info,
    listTables: async () => [...tables.values()].map((t) => t.schema.table).filter((t) => own(t.name)),
    describeTable: async (path) => own(path.at(-1) ?? '')?.schema,
    getRemoteStatistics: async (table) => own(table.name)?.statistics,
    planRemoteQuery: nothingToRun,
    executeRemoteQuery: async () => nothingToRun(),
    checkHealth: async () => ({ healthy: true, findings: [] }),
    close: async () => {},
  };
}
