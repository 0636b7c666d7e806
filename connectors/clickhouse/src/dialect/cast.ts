import { type DataType, isExactNumber, isInteger } from '@tributary/connector-sdk';
import { clickhouseTypeName } from '../types/type-name.js';

/** Decimal digits that the integers of a type have at most. */
const integerDigits: Readonly<Partial<Record<DataType['id'], number>>> = {
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  utinyint: 3,
  usmallint: 5,
  uinteger: 10,
  ubigint: 20,
};

const bounds: Readonly<Partial<Record<DataType['id'], readonly [min: bigint, max: bigint]>>> = {
  tinyint: [-(2n ** 7n), 2n ** 7n - 1n],
  smallint: [-(2n ** 15n), 2n ** 15n - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
  hugeint: [-(2n ** 127n), 2n ** 127n - 1n],
  utinyint: [0n, 2n ** 8n - 1n],
  usmallint: [0n, 2n ** 16n - 1n],
  uinteger: [0n, 2n ** 32n - 1n],
  ubigint: [0n, 2n ** 64n - 1n],
};

/**
 * Conversions on which both databases agree in value and failure. A plain CAST wraps integers around; `accurateCast` fails, and
 * `accurateCastOrNull` is TRY_CAST.
 */
export function clickhouseCast(
  arg: string,
  from: DataType,
  to: DataType,
  tryCast: boolean,
): string | undefined {
  const name = clickhouseTypeName(to);
  if (name === undefined) return undefined;
  const plain = `CAST(${arg} AS ${name})`;
  if (from.id === to.id && from.id !== 'decimal') return clickhouseTypeName(from) === name ? arg : undefined;
  if (from.id === 'null') return `CAST(NULL AS Nullable(${name}))`;
  if (from.id === 'boolean')
    return isInteger(to) ? plain : to.id === 'varchar' ? `toString(${arg})` : undefined;
  if (isInteger(from)) return fromInteger(arg, from, to, tryCast, plain);
  switch (from.id) {
    case 'decimal':
      return fromDecimal(arg, from, to, plain);
    case 'float':
      return to.id === 'double' ? plain : undefined;
    case 'enum':
      return to.id === 'varchar' ? arg : undefined;
    case 'uuid':
    case 'date':
      if (to.id === 'varchar') return `toString(${arg})`;
      return from.id === 'date' && to.id === 'timestamptz' ? `toDateTime64(${arg}, 6, 'UTC')` : undefined;
    case 'timestamptz':
      return to.id === 'date' ? `toDate32(${arg}, 'UTC')` : undefined;
    default:
      return undefined;
  }
}

function fromInteger(
  arg: string,
  from: DataType,
  to: DataType,
  tryCast: boolean,
  plain: string,
): string | undefined {
  if (to.id === 'boolean') return `(${arg} <> 0)`;
  if (to.id === 'varchar') return `toString(${arg})`;
  if (to.id === 'double') return from.id === 'hugeint' ? undefined : plain;
  if (to.id === 'decimal') {
    const digits = integerDigits[from.id];
    return digits !== undefined && digits + to.scale <= to.precision ? plain : undefined;
  }
  const [source, target] = [bounds[from.id], bounds[to.id]];
  if (source === undefined || target === undefined) return undefined;
  if (target[0] <= source[0] && source[1] <= target[1]) return plain;
  return tryCast ? `accurateCastOrNull(${arg}, '${clickhouseTypeName(to) ?? ''}')` : narrowed(arg, to);
}

/** Longer texts are not written twice. */
const longestRepeated = 500;

/**
 * A wider integer in a narrower type, an error where it does not fit. A function sees some value behind a NULL too, which may not
 * fit; `if` keeps it from that.
 */
export function narrowed(sql: string, to: DataType): string | undefined {
  const name = clickhouseTypeName(to);
  if (name === undefined || bounds[to.id] === undefined || sql.length > longestRepeated) return undefined;
  return `if((${sql}) IS NULL, NULL, accurateCast(${sql}, '${name}'))`;
}

/** A narrower decimal is not checked against its digits, only against its bytes. */
function fromDecimal(
  arg: string,
  from: Extract<DataType, { id: 'decimal' }>,
  to: DataType,
  plain: string,
): string | undefined {
  switch (to.id) {
    case 'decimal':
      if (to.scale < from.scale || to.precision - to.scale < from.precision - from.scale) return undefined;
      return to.scale === from.scale && sameStorage(from, to) ? arg : plain;
    case 'double':
      return from.precision <= 15 ? plain : undefined;
    case 'boolean':
      return `(${arg} <> 0)`;
    default:
      return undefined;
  }
}

/** ClickHouse computes in the integers that hold 9, 18 or 38 digits, and fails only where those overflow. */
export function storageDigits(precision: number): number {
  return precision <= 9 ? 9 : precision <= 18 ? 18 : 38;
}

function sameStorage(a: { readonly precision: number }, b: { readonly precision: number }): boolean {
  return storageDigits(a.precision) === storageDigits(b.precision);
}

export function isExact(type: DataType): boolean {
  return isExactNumber(type) && clickhouseTypeName(type) !== undefined;
}
