import { type DataType, isExactNumber } from '@tributary/connector-sdk';
import { inRange, integerRange } from './functions/integer-range.js';
import { castTypeName } from './type-names.js';

/**
 * Conversions on which both databases agree in value, rounding and failure. Where a value does not fit MySQL's CAST takes the nearest
 * one, so only what must fit is here, or what `inRange` can hold to it. TRY_CAST only where nothing can fail.
 */
export function mySqlCast(arg: string, from: DataType, to: DataType, tryCast: boolean): string | undefined {
  if (tryCast && !isTotal(from, to)) return undefined;
  const name = castTypeName(to);
  if (name === undefined) return undefined;
  if (from.id === 'null') return `CAST(${arg} AS ${name})`;
  if (from.id === to.id && from.id !== 'decimal') return arg;
  const range = integerRange(from);
  if (range !== undefined) return fromInteger(arg, from, to);
  switch (from.id) {
    case 'boolean':
      return fromBoolean(arg, to);
    case 'hugeint':
      return to.id === 'double' || to.id === 'varchar' ? `CAST(${arg} AS ${name})` : undefined;
    case 'decimal':
      return fromDecimal(arg, from, to);
    case 'float':
      return to.id === 'double' ? `CAST(${arg} AS DOUBLE)` : undefined;
    case 'enum':
    case 'uuid':
      return to.id === 'varchar' ? arg : undefined;
    case 'date':
      return to.id === 'timestamp' || to.id === 'timestamptz' ? `CAST(${arg} AS DATETIME(6))` : undefined;
    case 'timestamp':
    case 'timestamptz':
      // CAST would round the time of day to the next day.
      if (to.id === 'date') return `CAST(date_format(${arg}, '%Y-%m-%d') AS DATE)`;
      return to.id === 'timestamp' || to.id === 'timestamptz' ? `CAST(${arg} AS DATETIME(6))` : undefined;
    default:
      return undefined;
  }
}

function fromBoolean(arg: string, to: DataType): string | undefined {
  // Truth is the number 1 or 0.
  if (integerRange(to) !== undefined || to.id === 'hugeint') return arg;
  if (to.id === 'varchar') return `CASE ${arg} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`;
  if (to.id === 'double') return `CAST(${arg} AS DOUBLE)`;
  return to.id === 'decimal' ? toDecimal(arg, 1, to) : undefined;
}

function fromInteger(arg: string, from: DataType, to: DataType): string | undefined {
  const [source, target] = [integerRange(from), integerRange(to)];
  if (source === undefined) return undefined;
  if (target !== undefined) {
    if (source.signed && target.signed) return target.bits >= source.bits ? arg : inRange(arg, to);
    if (!source.signed && !target.signed) return target.bits >= source.bits ? arg : inRange(arg, to);
    return target.signed && target.bits > source.bits ? `CAST(${arg} AS SIGNED)` : undefined;
  }
  switch (to.id) {
    case 'boolean':
      return `(${arg} <> 0)`;
    case 'hugeint':
      return `CAST(${arg} AS DECIMAL(39,0))`;
    case 'double':
      return `CAST(${arg} AS DOUBLE)`;
    case 'varchar':
      // A ZEROFILL column would bring its zeros along.
      return `CAST(${arg} + 0 AS CHAR)`;
    case 'decimal':
      return toDecimal(arg, Math.ceil(source.bits * Math.log10(2)), to);
    default:
      return undefined;
  }
}

function toDecimal(
  arg: string,
  digits: number,
  to: Extract<DataType, { id: 'decimal' }>,
): string | undefined {
  return to.precision - to.scale >= digits ? `CAST(${arg} AS ${castTypeName(to)})` : undefined;
}

/** Both round half away from zero. A scale that only grows needs no cast: the value stays what it is. */
function fromDecimal(
  arg: string,
  from: Extract<DataType, { id: 'decimal' }>,
  to: DataType,
): string | undefined {
  const digits = from.precision - from.scale;
  switch (to.id) {
    case 'decimal': {
      if (to.scale >= from.scale) return to.precision - to.scale >= digits ? arg : undefined;
      // Rounding may carry into one more digit.
      return to.precision - to.scale > digits ? `CAST(${arg} AS ${castTypeName(to)})` : undefined;
    }
    case 'double':
      return decimalToDouble(arg, from);
    case 'hugeint':
      return `round(${arg})`;
    case 'boolean':
      return `(${arg} <> 0)`;
    case 'varchar':
      // The declared scale, not the one that the value happens to have.
      return `CAST(CAST(${arg} AS ${castTypeName(from)}) AS CHAR)`;
    default: {
      const range = integerRange(to);
      return range?.signed === true && digits < 18 ? inRange(`CAST(${arg} AS SIGNED)`, to) : undefined;
    }
  }
}

/** Digits that every double has. */
const exactDigits = 15;

/**
 * DuckDB divides the unscaled integer where a double holds it, which is one rounding and so the nearest double, as MySQL's is;
 * otherwise it converts what is before and behind the point apart (TryCastDecimalToFloatingPoint in its cast_operators.cpp).
 */
function decimalToDouble(
  arg: string,
  { precision, scale }: Extract<DataType, { id: 'decimal' }>,
): string | undefined {
  const nearest = `CAST(${arg} AS DOUBLE)`;
  if (precision <= exactDigits || scale === 0) return nearest;
  if (scale > exactDigits) return undefined;
  const unit = 10n ** BigInt(scale);
  const whole = `truncate(${arg}, 0)`;
  const parts = `CAST(${whole} AS DOUBLE) + CAST((${arg} - ${whole}) * ${unit} AS DOUBLE) / ${unit}`;
  return `CASE WHEN abs(${arg}) * ${unit} <= ${2n ** 53n} THEN ${nearest} ELSE ${parts} END`;
}

function isTotal(from: DataType, to: DataType): boolean {
  if (to.id === 'varchar' || to.id === 'boolean') return true;
  if (to.id === 'double') return isExactNumber(from) || from.id === 'float';
  const [source, target] = [integerRange(from), integerRange(to)];
  if (source === undefined) return from.id === 'boolean' && target !== undefined;
  if (to.id === 'hugeint') return true;
  return target !== undefined && target.signed === source.signed && target.bits >= source.bits;
}
