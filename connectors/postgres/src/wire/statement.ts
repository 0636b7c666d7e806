import type { ErrorOrigin } from '@tributary/connector-sdk';
import type { Connection } from 'pg';
import type { Column } from '@tributary/columnar';
import { TributaryError } from '@tributary/contract/errors';
import type { DataType } from '@tributary/contract/plan';
import { PreparedStatements } from './prepared-statements.js';

/** How a statement goes to the server, and what comes back. */
export interface Statement {
  readonly send: (connection: Connection) => void;
  /** Called once the server is done with it; `failed` when it refused or broke off. */
  readonly settled: (connection: Connection, failed: boolean) => void;
  /** Raised where the answer's types, by their oids, are not those that were planned. */
  readonly mismatch: (typeIds: readonly number[]) => TributaryError | undefined;
}

/**
 * The extended protocol in one packet (Parse, Bind, Describe, Execute, Sync), so it costs one round trip. Values travel as text
 * in their parameters' types, results come in binary: the same tuples as a binary COPY's, at the same cost on both
 * sides, but with parameters and with a description. Without that, a column that has become DOUBLE since it was planned as
 * BIGINT would be misread.
 *
 * @param isKept whether the server keeps the parsed statement for the connection's next time. It is not described again then: the
 * server itself refuses a kept statement whose result would have other types.
 */
export function queryStatement(
  sql: string,
  values: readonly (string | null)[],
  columns: readonly Column[],
  origin: ErrorOrigin,
  isKept: boolean,
): Statement {
  let name = '';
  return {
    send: (connection) => {
      const prepared = isKept ? PreparedStatements.of(connection) : undefined;
      const known = prepared?.nameOf(sql);
      name = known ?? prepared?.newName() ?? '';
      connection.stream.cork();
      if (known === undefined) connection.parse({ name, text: sql, types: [] }, true);
      connection.bind({ statement: name, values: [...values], binary: 'binary' }, true);
      if (known === undefined) connection.describe({ type: 'P', name: '' }, true);
      connection.execute({}, true);
      connection.sync();
      connection.stream.uncork();
    },
    settled: (connection, failed) => {
      if (!isKept) return;
      const prepared = PreparedStatements.of(connection);
      if (failed) prepared.forget(sql);
      else prepared.keep(sql, name);
    },
    mismatch: (typeIds) => {
      const index = columns.findIndex(({ type }, i) => !wireTypes(type).includes(typeIds[i] ?? 0));
      if (index < 0 && typeIds.length === columns.length) return undefined;
      const what =
        index < 0
          ? `${typeIds.length} columns instead of ${columns.length}`
          : `another type in column ${columns[index]?.name}`;
      return new TributaryError('SOURCE.MISSING_OBJECT', {
        message: `Source ${origin.sourceId} answers with ${what}: ${origin.object ?? 'a table'} has changed since the query was planned.`,
        sourceId: origin.sourceId,
        ...(origin.object !== undefined && { object: origin.object }),
      });
    },
  };
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
