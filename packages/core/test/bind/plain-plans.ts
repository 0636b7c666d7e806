import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { Rel } from '@tributary/contract/plan';
import type { RemoteTableSchema } from '@tributary/contract/source';
import { type Row, duckDBCell } from '@tributary/testbed';
import { importPlan } from '../../src/bind/import-plan.js';
import { importType } from '../../src/bind/import-type.js';
import { type JsonObject, isObject, objectsAt, parsePlanJson, stringAt } from '../../src/bind/json.js';

/** DuckDB's own tables, whose statements are imported as if they stood in a source. */
export interface PlainPlans extends AsyncDisposable {
  /** The bound plan of a statement as IR. @throws Unimportable */
  plan(sql: string): Promise<Rel>;
  query(
    sql: string,
    values?: DuckDBValue[],
  ): Promise<{ readonly types: readonly string[]; readonly rows: readonly Row[] }>;
}

export async function openPlainPlans(setup: readonly string[]): Promise<PlainPlans> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const statement of ["SET TimeZone = 'UTC'", ...setup]) await connection.run(statement);
  const serialize = await connection.prepare('SELECT json_serialize_plan($1::VARCHAR)');
  return {
    async plan(sql) {
      serialize.bindVarchar(1, sql);
      const reader = await serialize.runAndReadAll();
      const document = parsePlanJson(String(reader.getRows()[0]?.[0]));
      if (document['error'] === true) throw new Error(String(document['error_message']));
      const [root] = objectsAt(document, 'plans');
      if (root === undefined) throw new Error('no plan');
      let id = 1;
      const schemas = schemasIn(root);
      return importPlan(root, {
        table: (catalog, schema, name) => {
          const found = schemas.get(name);
          return found && { source: 'plain', path: [catalog, schema, name], schema: found };
        },
        newId: () => id++,
      });
    },
    async query(sql, values) {
      const reader = await connection.runAndReadAll(sql, values);
      const types = reader.columnTypes();
      const rows = reader
        .getRows()
        .map((row) => row.map((value, i) => duckDBCell(value, types[i] ?? fail(`column ${i} has no type`))));
      return { types: types.map(String), rows };
    },
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      instance.closeSync();
      return Promise.resolve();
    },
  };
}

function fail(message: string): never {
  throw new RangeError(message);
}

/** The schemas of the tables that a plan scans, as its scans repeat them. */
function schemasIn(
  node: JsonObject,
  into = new Map<string, RemoteTableSchema>(),
): ReadonlyMap<string, RemoteTableSchema> {
  const data = node['function_data'];
  if (node['type'] === 'LOGICAL_GET' && isObject(data)) {
    const types = objectsAt(node, 'returned_types').map(importType);
    const names = Array.isArray(node['names']) ? node['names'].map(String) : [];
    const columns = types.map((type, i) => ({
      name: names[i] ?? '',
      type,
      nullable: true,
      comparison: 'ordered' as const,
      nativeType: '',
    }));
    const name = stringAt(data, 'table');
    into.set(name, {
      table: { name, kind: 'table' },
      columns,
      primaryKey: [],
      uniqueKeys: [],
      indexes: [],
      version: '',
    });
  }
  for (const child of objectsAt(node, 'children')) schemasIn(child, into);
  return into;
}
