import type { DataType } from '@tributary/connector-sdk';

const signedBits: Readonly<Partial<Record<DataType['id'], number>>> = {
  tinyint: 8,
  smallint: 16,
  integer: 32,
  bigint: 64,
};

const unsignedBits: Readonly<Partial<Record<DataType['id'], number>>> = {
  utinyint: 8,
  usmallint: 16,
  uinteger: 32,
  ubigint: 64,
};

/** Bits of an integer type, and whether it has a sign; undefined for any other type and for those wider than MySQL's. */
export function integerRange(
  type: DataType,
): { readonly bits: number; readonly signed: boolean } | undefined {
  const signed = signedBits[type.id];
  if (signed !== undefined) return { bits: signed, signed: true };
  const unsigned = unsignedBits[type.id];
  return unsigned === undefined ? undefined : { bits: unsigned, signed: false };
}

export function isMachineInteger(type: DataType): boolean {
  return integerRange(type) !== undefined;
}

/**
 * A 64-bit value that must lie in a narrower type, where DuckDB fails if it does not: adding and taking away the distance between the
 * two types' bounds leaves the value what it is, or leaves 64 bits, which is an error in MySQL too.
 */
export function inRange(sql: string, type: DataType): string {
  const range = integerRange(type);
  if (range === undefined || range.bits === 64) return sql;
  const { bits, signed } = range;
  if (!signed) {
    const distance = 2n ** 64n - 2n ** BigInt(bits);
    return `((${sql} + ${distance}) - ${distance})`;
  }
  const distance = 2n ** 63n - 2n ** BigInt(bits - 1);
  return `((((${sql} + ${distance}) - ${distance}) - ${distance}) + ${distance})`;
}
