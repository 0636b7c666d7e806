import { type DataType, isExactNumber, isInteger } from '@tributary/contract/plan';
import { postgresTypeName } from './type-names.js';

/** Bits of the signed integer types that PostgreSQL has. */
const integerWidth: Readonly<Partial<Record<DataType['id'], number>>> = {
  smallint: 16,
  integer: 32,
  bigint: 64,
};

/**
 * Conversions on which both databases agree in value, rounding and failure. TRY_CAST only where nothing can fail, since
 * PostgreSQL has no such thing.
 */
export function postgresCast(
  arg: string,
  from: DataType,
  to: DataType,
  tryCast: boolean,
): string | undefined {
  const sql = exactCast(arg, from, to);
  return tryCast && !isTotal(from, to) ? undefined : sql;
}

function exactCast(arg: string, from: DataType, to: DataType): string | undefined {
  const name = postgresTypeName(to);
  const fromName = postgresTypeName(from);
  if (name === undefined || fromName === undefined) return undefined;
  if (name === fromName) return arg;
  const plain = `CAST(${arg} AS ${name})`;
  switch (from.id) {
    case 'null':
      return plain;
    case 'boolean':
      return fromBoolean(arg, to, plain);
    case 'smallint':
    case 'integer':
    case 'bigint':
      if (to.id === 'boolean') return `(${arg} <> 0)`;
      if (to.id === 'hugeint') return `CAST(${arg} AS numeric)`;
      return isSignedInteger(to) ||
        to.id === 'decimal' ||
        to.id === 'double' ||
        to.id === 'float' ||
        to.id === 'varchar'
        ? plain
        : undefined;
    case 'hugeint':
      if (to.id === 'boolean') return `(${arg} <> 0)`;
      return isSignedInteger(to) || to.id === 'decimal' || to.id === 'double' || to.id === 'varchar'
        ? plain
        : undefined;
    case 'uinteger':
      return to.id === 'bigint' ? plain : undefined;
    case 'decimal':
      return fromDecimal(arg, from, to, plain);
    case 'float':
      return to.id === 'double' || isSignedInteger(to) ? plain : undefined;
    case 'double':
      // To REAL PostgreSQL refuses to underflow; to DECIMAL it goes through fifteen digits.
      return isSignedInteger(to) ? plain : undefined;
    case 'enum':
      return to.id === 'varchar' ? arg : undefined;
    case 'uuid':
      return to.id === 'varchar' ? plain : undefined;
    case 'date':
      return to.id === 'timestamp'
        ? plain
        : to.id === 'timestamptz'
          ? utc(`CAST(${arg} AS timestamp)`)
          : undefined;
    case 'timestamp':
      return to.id === 'date' ? plain : to.id === 'timestamptz' ? utc(arg) : undefined;
    case 'timestamptz':
      return to.id === 'timestamp' ? utc(arg) : to.id === 'date' ? `CAST(${utc(arg)} AS date)` : undefined;
    case 'varchar':
    case 'json':
    case 'blob':
    case 'time':
    case 'interval':
    case 'list':
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
      return undefined;
  }
}

function fromBoolean(arg: string, to: DataType, plain: string): string | undefined {
  if (to.id === 'integer' || to.id === 'varchar') return plain;
  if (isSignedInteger(to) || to.id === 'decimal' || to.id === 'double' || to.id === 'hugeint') {
    return `CAST(CAST(${arg} AS integer) AS ${postgresTypeName(to) ?? ''})`;
  }
  return undefined;
}

/** Both round half away from zero. A scale that only grows needs no cast: the value stays what it is. */
function fromDecimal(
  arg: string,
  from: Extract<DataType, { id: 'decimal' }>,
  to: DataType,
  plain: string,
): string | undefined {
  switch (to.id) {
    case 'decimal':
      return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale ? arg : plain;
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'double':
      return plain;
    case 'hugeint':
      return `round(${arg})`;
    case 'boolean':
      return `(${arg} <> 0)`;
    case 'varchar':
      // The declared scale, not the one that the value happens to have.
      return `CAST(CAST(${arg} AS ${postgresTypeName(from) ?? ''}) AS text)`;
    default:
      return undefined;
  }
}

function utc(arg: string): string {
  return `(${arg} AT TIME ZONE 'UTC')`;
}

function isSignedInteger(type: DataType): boolean {
  return integerWidth[type.id] !== undefined;
}

function isTotal(from: DataType, to: DataType): boolean {
  if (to.id === 'varchar' || (from.id === 'boolean' && isInteger(to))) return true;
  if (to.id === 'double' || to.id === 'boolean') return isExactNumber(from) || from.id === 'float';
  const [source, target] = [integerWidth[from.id], integerWidth[to.id]];
  return source !== undefined && (to.id === 'hugeint' || (target !== undefined && target >= source));
}
