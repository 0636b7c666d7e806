import { TributaryError } from '@tributary/contract/errors';
import type { BoundTable } from './import-plan.js';
import { type JsonObject, isObject, objectsAt } from './json.js';
import type { StubPath } from './stub-catalogue.js';

/** A table that a statement's text reads. */
export interface TextTable {
  readonly stub: StubPath;
  readonly table: BoundTable;
  /** Positions in the table's schema of the columns that the text needs. */
  readonly columns: readonly number[];
}

/** Table functions that make rows of their arguments alone. */
const harmlessTableFunctions: ReadonlySet<string> = new Set([
  'seq_scan',
  'range',
  'generate_series',
  'unnest',
  'repeat',
  'repeat_row',
]);

/**
 * The tables that a bound plan reads, of whatever operators it is made.
 * @throws TributaryError SQL.FORBIDDEN for a reader of anything but the sources' tables
 */
export function textTables(
  root: JsonObject,
  lookup: (...stub: StubPath) => BoundTable | undefined,
): readonly TextTable[] {
  const tables = new Map<string, TextTable>();
  const visit = (node: JsonObject): void => {
    if (node['type'] === 'LOGICAL_GET') {
      const name = String(node['name']);
      if (!harmlessTableFunctions.has(name)) {
        throw refusedReader(name);
      }
      const found = textTable(node, lookup);
      if (found !== undefined) {
        const key = JSON.stringify(found.stub);
        const columns = new Set([...(tables.get(key)?.columns ?? []), ...found.columns]);
        tables.set(key, { ...found, columns: [...columns].toSorted((a, b) => a - b) });
      }
    }
    for (const child of objectsAt(node, 'children')) visit(child);
  };
  visit(root);
  return [...tables.values()];
}

function textTable(
  get: JsonObject,
  lookup: (...stub: StubPath) => BoundTable | undefined,
): TextTable | undefined {
  const data = get['function_data'];
  if (!isObject(data) || typeof data['table'] !== 'string') return undefined;
  const stub: StubPath = [String(data['catalog']), String(data['schema']), data['table']];
  const table = lookup(...stub);
  if (table === undefined) throw forbidden(`"${stub.join('.')}" is not a table of any source.`);
  const columns = objectsAt(get, 'column_indexes')
    .map((entry) => Number(entry['index']))
    .filter((index) => index >= 0 && index < table.schema.columns.length);
  return { stub, table, columns };
}

function refusedReader(name: string): TributaryError {
  // Of DuckDB's functions about itself information_schema and pg_catalog are made; here they would tell of stubs.
  return /^(duckdb|pragma)_/.test(name)
    ? forbidden(
        `DuckDB's own catalogue (${name}, information_schema, pg_catalog) is not open to statements.`,
        'SHOW TABLES, SHOW ALL TABLES and SHOW SCHEMAS, each a statement of its own, tell of the sources; so does DESCRIBE <table>.',
      )
    : forbidden(`The table function ${name} is not open to statements.`);
}

function forbidden(message: string, fix?: string): TributaryError {
  return new TributaryError('SQL.FORBIDDEN', { message, ...(fix !== undefined && { fix }) });
}
