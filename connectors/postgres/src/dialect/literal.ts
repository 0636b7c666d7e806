import { type Literal, isExactNumber } from '@tributary/contract/plan';
import { toPostgresText } from '../types/value-text.js';
import { quoteText } from './quote.js';
import { postgresTypeName } from './type-names.js';

/** A constant with its type: PostgreSQL would take a bare `5` for an integer and `1.5` for a numeric. */
export function postgresLiteral(literal: Literal): string | undefined {
  const { type, value } = literal;
  const name = postgresTypeName(type);
  if (name === undefined) return undefined;
  if (value === null) return type.id === 'null' ? 'NULL' : `NULL::${name}`;
  const text = toPostgresText(type, value);
  if (text === undefined) return undefined;
  switch (type.id) {
    case 'boolean':
      return text === 'true' ? 'TRUE' : 'FALSE';
    case 'varchar':
      return `${quoteText(text)}`;
    case 'integer':
      return /^\d{1,9}$/.test(text) ? text : `${quoteText(text)}::integer`;
    case 'smallint':
    case 'bigint':
      return /^\d{1,9}$/.test(text) ? `${text}::${name}` : `${quoteText(text)}::${name}`;
    case 'decimal':
      return /^\d+\.\d+$/.test(text) ? text : `${quoteText(text)}::numeric`;
    default:
      return `${quoteText(text)}::${name}`;
  }
}

/** Beside a value of the same type a plain number has that type's value: PostgreSQL compares numbers across types exactly. */
export function postgresComparand(literal: Literal): string | undefined {
  const { type, value } = literal;
  if (value === null || type.id === 'uinteger') return undefined;
  if (isExactNumber(type) && /^\d{1,18}(\.\d{1,38})?$/.test(value)) return value;
  // Beside a date or a timestamp the constant takes its type, as any quoted constant does in PostgreSQL.
  return undefined;
}
