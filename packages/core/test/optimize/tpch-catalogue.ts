import {
  type DataType,
  type FederatedDataSourceInfo,
  type IFederatedDataSource,
  type RemoteTableSchema,
  type TableStatistics,
  TributaryError,
  decimalType,
  duckdbDialect,
} from '@tributary/contract';
import { openPlainDuckDB, tpchParquet, tpchTableNames, tpchTables } from '@tributary/testbed';
import type { OptimizeContext } from '../../src/optimize/index.js';

/** Which source holds a table. */
export type Placement = (table: string) => string;

/** The TPC-H tables as a planner knows them: schemas, keys and exact statistics, nothing to execute. */
export interface TpchCatalogue {
  readonly sources: readonly IFederatedDataSource[];
  context(firstFreeId: number, disabledRules?: ReadonlySet<string>): OptimizeContext;
}

interface Known {
  readonly schema: RemoteTableSchema;
  readonly statistics: TableStatistics;
}

export async function tpchCatalogue(placement: Placement): Promise<TpchCatalogue> {
  const tables = await readTables();
  const ids = [...new Set(tpchTableNames.map(placement))];
  const sources = ids.map((id) => catalogueSource(id, tables, placement));
  return {
    sources,
    context: (firstFreeId, disabledRules) => {
      let next = firstFreeId;
      return {
        statistics: (_source, table) => tables.get(table.at(-1) ?? '')?.statistics,
        schema: (_source, table) => tables.get(table.at(-1) ?? '')?.schema,
        info: (source) => sources.find((s) => s.sourceId === source)?.getInfo(),
        newId: () => next++,
        ...(disabledRules && { disabledRules }),
      };
    },
  };
}

async function readTables(): Promise<ReadonlyMap<string, Known>> {
  await using duckdb = await openPlainDuckDB(await tpchParquet(0.01));
  const tables = new Map<string, Known>();
  for (const name of tpchTableNames) {
    const described = await duckdb.query(`DESCRIBE ${name}`);
    const columns = described.rows.map((row) => ({
      name: unquoted(row[0]),
      type: typeNamed(unquoted(row[1])),
    }));
    const list = columns
      .map((c) => `count(DISTINCT ${c.name}), min(${c.name})::VARCHAR, max(${c.name})::VARCHAR`)
      .join(', ');
    const [figures = []] = (await duckdb.query(`SELECT count(*), ${list} FROM ${name}`)).rows;
    tables.set(name, {
      schema: {
        table: { name, kind: 'table' },
        columns: columns.map((c) => ({ ...c, nativeType: '', nullable: false, comparison: 'ordered' })),
        primaryKey: tpchTables[name].primaryKey.split(', '),
        uniqueKeys: [],
        indexes: tpchTables[name].indexes.map((index) => [index]),
        version: '1',
      },
      statistics: {
        rows: Number(unquoted(figures[0])),
        columns: new Map(
          columns.map((c, i) => [
            c.name,
            {
              distinct: Number(unquoted(figures[1 + 3 * i])),
              nullFraction: 0,
              min: unquoted(figures[2 + 3 * i]),
              max: unquoted(figures[3 + 3 * i]),
            },
          ]),
        ),
        origin: 'source',
      },
    });
  }
  return tables;
}

/** The oracle quotes text. */
function unquoted(cell: unknown): string {
  return String(cell)
    .replace(/^'(.*)'$/s, '$1')
    .replaceAll("''", "'");
}

function typeNamed(name: string): DataType {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(name);
  if (decimal !== null) return decimalType(Number(decimal[1]), Number(decimal[2]));
  switch (name) {
    case 'BIGINT':
      return { id: 'bigint' };
    case 'INTEGER':
      return { id: 'integer' };
    case 'DATE':
      return { id: 'date' };
    case 'VARCHAR':
      return { id: 'varchar' };
  }
  throw new RangeError(`unexpected column type ${name}`);
}

function catalogueSource(
  sourceId: string,
  tables: ReadonlyMap<string, Known>,
  placement: Placement,
): IFederatedDataSource {
  const own = (path: readonly string[]): Known | undefined => {
    const name = path.at(-1) ?? '';
    return tables.has(name) && placement(name) === sourceId ? tables.get(name) : undefined;
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
    throw new TributaryError('SOURCE.UNAVAILABLE', { message: 'This catalogue holds no data.' });
  };
  return {
    sourceId,
    getInfo: () => info,
    listTables: async () => [...tables.values()].map((t) => t.schema.table).filter((t) => own([t.name])),
    describeTable: async (path) => own(path)?.schema,
    getRemoteStatistics: async (table) => own([table.name])?.statistics,
    planRemoteQuery: nothingToRun,
    executeRemoteQuery: async () => nothingToRun(),
    checkHealth: async () => ({ healthy: true, findings: [] }),
    close: async () => {},
  };
}
