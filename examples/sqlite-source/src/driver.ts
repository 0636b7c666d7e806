import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import {
  type DataType,
  type RemoteColumn,
  type RemoteTableSchema,
  tableStatistics,
} from '@tributary/connector-sdk';
import type { Row, Value } from '@tributary/connector-sdk/results';
import type { SqlDriver, SqlStatement, StatementValue } from '@tributary/connector-sdk/sql';

const pageRows = 1000;

const columnTypes: Readonly<Record<string, DataType>> = {
  INT: { id: 'bigint' },
  INTEGER: { id: 'bigint' },
  REAL: { id: 'double' },
  TEXT: { id: 'varchar' },
  BLOB: { id: 'blob' },
};

/** A database file, read only, opened at the first call. Of its tables, the STRICT ones: elsewhere a column holds anything. */
export function sqliteDriver(path: string): SqlDriver {
  let open: DatabaseSync | undefined;
  const database = (): DatabaseSync => (open ??= new DatabaseSync(path, { readOnly: true }));
  const all = (sql: string, ...values: SQLInputValue[]): readonly Record<string, SQLOutputValue>[] =>
    database()
      .prepare(sql)
      .all(...values);

  return {
    listTables: async () =>
      all(
        `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict ORDER BY name`,
      ).map(({ name }) => ({ name: String(name), kind: 'table' })),
    describeTable: async (tablePath) => describe(all, tablePath),
    tableStatistics: async ({ table }) => {
      const [row] = all(`SELECT count(*) AS rows FROM ${quote(table.name)}`);
      return tableStatistics({ rows: Number(row?.['rows']) });
    },
    run: async (statement, { signal }) => ({ kind: 'rows', rows: pages(database(), statement, signal) }),
    checkHealth: async () => {
      const [row] = all('SELECT sqlite_version() AS version');
      return { healthy: true, version: `SQLite ${String(row?.['version'])}`, findings: [] };
    },
    close: async () => {
      open?.close();
      open = undefined;
    },
  };
}

type All = (sql: string, ...values: SQLInputValue[]) => readonly Record<string, SQLOutputValue>[];

function describe(all: All, path: readonly string[]): RemoteTableSchema | undefined {
  const [name = ''] = path;
  if (
    path.length > 1 ||
    all(`SELECT 1 FROM pragma_table_list WHERE name = ? AND strict`, name).length === 0
  ) {
    return undefined;
  }
  const columns = all('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', name);
  const known = columns.flatMap((column): readonly RemoteColumn[] => {
    const nativeType = String(column['type']);
    const type = columnTypes[nativeType];
    // A column of type ANY holds anything.
    if (type === undefined) return [];
    const nullable = column['notnull'] === 0 && column['pk'] === 0;
    return [{ name: String(column['name']), type, nativeType, nullable, comparison: 'ordered' }];
  });
  const keys = columns.filter(({ pk }) => pk !== 0).toSorted((a, b) => Number(a['pk']) - Number(b['pk']));
  return {
    table: { name, kind: 'table' },
    columns: known,
    primaryKey: keys.map((column) => String(column['name'])),
    uniqueKeys: [],
    indexes: [],
    version: JSON.stringify(columns),
  };
}

async function* pages(
  database: DatabaseSync,
  { sql, values, columns }: SqlStatement,
  signal: AbortSignal,
): AsyncGenerator<readonly Row[]> {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  let page: Row[] = [];
  // With `setReturnArrays` a row is an array, which the types do not say.
  for (const row of statement.iterate(...values.map(bound)) as Iterable<unknown>) {
    const cells: readonly SQLOutputValue[] = Array.isArray(row) ? row : [];
    page.push(cells.map((cell, i) => valueOf(cell, columns[i]?.type)));
    if (page.length < pageRows) continue;
    yield page;
    page = [];
    signal.throwIfAborted();
  }
  yield page;
}

/** SQLite's truth values are 1 and 0. */
function valueOf(cell: SQLOutputValue, type: DataType | undefined): Value {
  return type?.id === 'boolean' && cell !== null ? cell === 1n : cell;
}

function bound(value: StatementValue): SQLInputValue {
  if (value.kind === 'keys') {
    return value.type.id === 'bigint' ? `[${value.values.join(',')}]` : JSON.stringify(value.values);
  }
  if (value.value === null) return null;
  switch (value.type.id) {
    case 'bigint':
      return BigInt(value.value);
    case 'double':
      return Number(value.value.replace(/inf(inity)?/i, 'Infinity'));
    default:
      return value.value;
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
