import { type DataType, isInteger, sameType } from '@tributary/contract/plan';
import type { ParameterValue } from '@tributary/contract/source';

const integerBits: Readonly<Record<string, readonly [min: bigint, max: bigint]>> = {
  tinyint: signed(8n),
  smallint: signed(16n),
  integer: signed(32n),
  bigint: signed(64n),
  hugeint: signed(128n),
  utinyint: unsigned(8n),
  usmallint: unsigned(16n),
  uinteger: unsigned(32n),
  ubigint: unsigned(64n),
  uhugeint: unsigned(128n),
};

/**
 * Whether a parameter's value is the same value in the type that the statement's surroundings give it. `id = 5.5` over an
 * integer column must not become `id = 6`: where this is false, the statement is bound with the value's own type.
 * Text is taken as a literal in quotes would be: it converts to whatever is wanted, or is an error.
 */
export function fitsExactly(parameter: ParameterValue, wanted: DataType): boolean {
  const { type, value } = parameter;
  if (value === null || type.id === 'varchar' || sameType(type, wanted)) return true;
  if (!isInteger(type)) return false;
  const number = BigInt(value);
  if (wanted.id === 'double') return isWithin(number, 2n ** 53n);
  if (wanted.id === 'float') return isWithin(number, 2n ** 24n);
  if (wanted.id === 'decimal') return isWithin(number, 10n ** BigInt(wanted.precision - wanted.scale) - 1n);
  const range = integerBits[wanted.id];
  return range !== undefined && range[0] <= number && number <= range[1];
}

function isWithin(value: bigint, limit: bigint): boolean {
  return -limit <= value && value <= limit;
}

function signed(bits: bigint): readonly [bigint, bigint] {
  return [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

function unsigned(bits: bigint): readonly [bigint, bigint] {
  return [0n, 2n ** bits - 1n];
}
