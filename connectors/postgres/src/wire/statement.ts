import type { Connection } from 'pg';
import type { DataType } from '@tributary/contract/plan';

/** How a statement goes to the server, and what comes back. */
export interface Statement {
  readonly framing: 'copy' | 'data-row';
  readonly send: (connection: Connection) => void;
  /** What is wrong with the types of the answer, by type oids; undefined where they are as planned. */
  readonly mismatch: (typeIds: readonly number[]) => string | undefined;
}

/** Binary COPY over the simple protocol: one message there. It takes no parameters and does not tell its columns' types. */
export function copyStatement(sql: string): Statement {
  return {
    framing: 'copy',
    send: (connection) => connection.query(`COPY (${sql}) TO STDOUT (FORMAT binary)`),
    mismatch: () => undefined,
  };
}

/**
 * The extended protocol in one packet (Parse, Bind, Describe, Execute, Sync), so it costs one round trip. Values travel as text
 * in their parameters' types, results come in binary.
 */
export function queryStatement(
  sql: string,
  values: readonly (string | null)[],
  columns: readonly DataType[],
): Statement {
  return {
    framing: 'data-row',
    send: (connection) => {
      connection.stream.cork();
      connection.parse({ name: '', text: sql, types: [] }, true);
      connection.bind({ values: [...values], binary: 'binary' }, true);
      connection.describe({ type: 'P', name: '' }, true);
      connection.execute({}, true);
      connection.sync();
      connection.stream.uncork();
    },
    mismatch: (typeIds) => mismatchOf(typeIds, columns),
  };
}

function mismatchOf(typeIds: readonly number[], columns: readonly DataType[]): string | undefined {
  if (typeIds.length !== columns.length) {
    return `PostgreSQL answers with ${typeIds.length} columns, not ${columns.length}.`;
  }
  const index = columns.findIndex((type, i) => !wireTypes(type).includes(typeIds[i] ?? 0));
  const type = columns[index];
  return type && `PostgreSQL answers with type ${typeIds[index]} in column ${index + 1}, which is planned as ${type.id}.`;
}

/** Type oids (pg_type.dat) whose binary form is what the decoder expects of a column. */
function wireTypes(type: DataType): readonly number[] {
  switch (type.id) {
    case 'boolean':
      return [16];
    case 'smallint':
      return [21];
    case 'integer':
      return [23];
    case 'bigint':
      return [20];
    case 'uinteger':
      return [26];
    case 'hugeint':
    case 'decimal':
      return [1700];
    case 'float':
      return [700];
    case 'double':
      return [701];
    case 'varchar':
    case 'json':
    case 'enum':
      // text, varchar
      return [25, 1043];
    case 'blob':
      return [17];
    case 'uuid':
      return [2950];
    case 'date':
      return [1082];
    case 'time':
      return [1083];
    case 'timestamp':
      return [1114];
    case 'timestamptz':
      return [1184];
    case 'interval':
      return [1186];
    case 'list':
      return wireTypes(type.element).flatMap((id) => arrayTypes.get(id) ?? []);
    case 'null':
    case 'tinyint':
    case 'utinyint':
    case 'usmallint':
    case 'ubigint':
    case 'uhugeint':
    case 'bit':
    case 'timetz':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'array':
    case 'struct':
    case 'map':
      return [];
  }
}

/** From an element type's oid to that of its array. */
const arrayTypes: ReadonlyMap<number, number> = new Map([
  [16, 1000],
  [17, 1001],
  [20, 1016],
  [21, 1005],
  [23, 1007],
  [25, 1009],
  [26, 1028],
  [700, 1021],
  [701, 1022],
  [1043, 1015],
  [1082, 1182],
  [1083, 1183],
  [1114, 1115],
  [1184, 1185],
  [1186, 1187],
  [1700, 1231],
  [2950, 2951],
]);
