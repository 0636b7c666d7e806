import type { DataType } from '@tributary/connector-sdk';

/**
 * The type of a column from its declaration. What is read as text for want of a better type is not compared at the source:
 * see `comparison` in tables.ts.
 */
export function columnType(declared: string): DataType {
  switch (declared.toUpperCase()) {
    case 'INT':
    case 'INTEGER':
      return { id: 'bigint' };
    case 'REAL':
      return { id: 'double' };
    case 'BLOB':
      return { id: 'blob' };
    default:
      return { id: 'varchar' };
  }
}

/** Types that a STRICT table enforces, so that a column holds nothing else. */
export function isEnforced(declared: string): boolean {
  return /^(?:INT|INTEGER|REAL|TEXT|BLOB)$/i.test(declared);
}
