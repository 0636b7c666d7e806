import { type DataType, decimalType, sameType, simpleType } from '@tributary/connector-sdk';

const signed = ['tinyint', 'smallint', 'integer', 'bigint', 'hugeint'] as const;
const unsigned = ['utinyint', 'usmallint', 'uinteger', 'ubigint'] as const;
/** Decimal digits of the widest value, by index in the lists above. */
const signedDigits = [3, 5, 10, 19, 39];
const unsignedDigits = [3, 5, 10, 20];

/**
 * The type that holds every value of both exactly, as for a column that became wider between files. Undefined where
 * there is none: integers and text, or 64-bit integers and doubles, are a mistake rather than a wider column.
 */
export function widen(a: DataType, b: DataType): DataType | undefined {
  if (sameType(a, b)) return a;
  return widenOrdered(a, b) ?? widenOrdered(b, a);
}

function widenOrdered(a: DataType, b: DataType): DataType | undefined {
  const aSigned = rank(signed, a);
  const bSigned = rank(signed, b);
  const aUnsigned = rank(unsigned, a);
  const bUnsigned = rank(unsigned, b);
  if (aSigned >= 0 && bSigned >= 0) return at(signed, Math.max(aSigned, bSigned));
  if (aUnsigned >= 0 && bUnsigned >= 0) return at(unsigned, Math.max(aUnsigned, bUnsigned));
  if (aSigned >= 0 && bUnsigned >= 0) return at(signed, Math.max(aSigned, bUnsigned + 1));
  if (b.id === 'decimal') {
    if (a.id === 'decimal') return widerDecimal(a.precision - a.scale, b, Math.max(a.scale, b.scale));
    const digits = aSigned >= 0 ? signedDigits[aSigned] : unsignedDigits[aUnsigned];
    return digits === undefined ? undefined : widerDecimal(digits, b, b.scale);
  }
  if (b.id === 'double') {
    const exact = a.id === 'float' || (aSigned >= 0 && aSigned <= 2) || (aUnsigned >= 0 && aUnsigned <= 2);
    return exact ? b : undefined;
  }
  if (b.id === 'float')
    return (aSigned >= 0 && aSigned <= 1) || (aUnsigned >= 0 && aUnsigned <= 1) ? b : undefined;
  return a.id === 'date' && b.id === 'timestamp' ? b : undefined;
}

function widerDecimal(
  integerDigits: number,
  b: DataType & { readonly id: 'decimal' },
  scale: number,
): DataType | undefined {
  const precision = Math.max(integerDigits, b.precision - b.scale) + scale;
  return precision > 38 ? undefined : decimalType(precision, scale);
}

function rank(ids: readonly string[], type: DataType): number {
  return ids.indexOf(type.id);
}

function at(
  ids: readonly ((typeof signed)[number] | (typeof unsigned)[number])[],
  index: number,
): DataType | undefined {
  const id = ids[index];
  return id === undefined ? undefined : simpleType(id);
}
