import { type DataType, isExactNumber } from '@tributary/connector-sdk';

/** Numbers stand in a statement without quotes: what else their text holds would be SQL. */
const exactNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const floatNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A value from literal text form (DuckDB's) to the text that MySQL reads as the same value; undefined where it has none: NaN and
 * infinities, years before 1 and after 9999, text that is no Unicode, or that is no value of the type.
 */
export function toMySqlText(type: DataType, text: string): string | undefined {
  if (isExactNumber(type)) return type.id !== 'uhugeint' && exactNumber.test(text) ? text : undefined;
  switch (type.id) {
    case 'boolean':
      return booleanText(text);
    case 'float':
    case 'double':
      return floatText(type.id, text);
    case 'varchar':
    case 'enum':
    case 'uuid':
      return text.isWellFormed() ? text : undefined;
    case 'blob':
      return blobHex(text);
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) && !text.startsWith('0000') ? text : undefined;
    case 'timestamp':
      return pointText(text);
    case 'timestamptz':
      return pointText(text.replace(/\+00(:00)?$/, ''));
    default:
      return undefined;
  }
}

function booleanText(text: string): string | undefined {
  if (text === 'true') return 'TRUE';
  return text === 'false' ? 'FALSE' : undefined;
}

/** Seventeen digits say every double, and a FLOAT is compared as the double that it is. */
function floatText(id: 'float' | 'double', text: string): string | undefined {
  if (!floatNumber.test(text)) return undefined;
  const value = id === 'float' ? Math.fround(Number(text)) : Number(text);
  return Number.isFinite(value) ? value.toExponential(16).replace('e+', 'E').replace('e', 'E') : undefined;
}

function pointText(text: string): string | undefined {
  return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?$/.test(text) && !text.startsWith('0000')
    ? text
    : undefined;
}

/** DuckDB writes printable ASCII as it is and every other byte as `\xAB`. */
function blobHex(text: string): string {
  return text.replaceAll(/\\x([0-9A-Fa-f]{2})|[\s\S]/g, (character, hex: string | undefined) =>
    hex === undefined ? Buffer.from(character).toString('hex') : hex.toLowerCase(),
  );
}
