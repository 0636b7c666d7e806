import type { Literal } from '@tributary/connector-sdk';
import { toMySqlText } from '../types/value-text.js';
import { quoteText } from './quote.js';
import { castTypeName } from './type-names.js';

/** A constant as SQL. What a number's type is does not show: MySQL computes all integers in 64 bits and decimals exactly. */
export function mySqlLiteral({ type, value }: Literal, byteCollation: string): string | undefined {
  const name = castTypeName(type);
  if (name === undefined) return undefined;
  if (value === null) return type.id === 'null' ? 'NULL' : `CAST(NULL AS ${name})`;
  const text = toMySqlText(type, value);
  if (text === undefined) return undefined;
  switch (type.id) {
    case 'varchar':
    case 'enum':
    case 'uuid':
      return quoteText(text, byteCollation);
    case 'blob':
      return `X'${text}'`;
    case 'date':
      return `DATE '${text}'`;
    case 'timestamp':
    case 'timestamptz':
      return `TIMESTAMP '${text}'`;
    default:
      return text.startsWith('-') ? `(${text})` : text;
  }
}
