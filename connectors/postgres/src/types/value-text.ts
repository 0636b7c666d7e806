import { parseIntervalText } from '@tributary/connector-sdk/results';
import type { DataType } from '@tributary/contract/plan';

/**
 * A value from literal text form (DuckDB's) to what PostgreSQL's input function of the type reads; undefined where
 * PostgreSQL has no such value.
 */
export function toPostgresText(type: DataType, text: string): string | undefined {
  switch (type.id) {
    case 'boolean':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
    case 'uinteger':
    case 'decimal':
    case 'uuid':
    case 'time':
      return text;
    case 'float':
    case 'double':
      return floatText(text);
    case 'varchar':
    case 'enum':
      // PostgreSQL's text cannot hold the character 0.
      return text.includes('\0') ? undefined : text;
    case 'blob':
      return String.raw`\x${blobHex(text)}`;
    case 'date':
      return dateText(text, 5_874_897);
    case 'timestamp':
      return dateText(text, 294_276);
    case 'timestamptz':
      return dateText(text, 294_276);
    case 'interval': {
      const parts = parseIntervalText(text);
      return parts && `${parts.months} mons ${parts.days} days ${parts.micros} microseconds`;
    }
    case 'null':
    case 'tinyint':
    case 'utinyint':
    case 'usmallint':
    case 'ubigint':
    case 'uhugeint':
    case 'json':
    case 'bit':
    case 'timetz':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return undefined;
  }
}

function floatText(text: string): string {
  switch (text.toLowerCase()) {
    case 'nan':
    case '-nan':
      return 'NaN';
    case 'inf':
    case '+inf':
    case 'infinity':
      return 'Infinity';
    case '-inf':
    case '-infinity':
      return '-Infinity';
    default:
      return text;
  }
}

/** DuckDB writes printable ASCII as it is and every other byte as `\xAB`. */
function blobHex(text: string): string {
  return text.replaceAll(/\\x([0-9A-Fa-f]{2})|[\s\S]/g, (character, hex: string | undefined) =>
    hex === undefined ? Buffer.from(character).toString('hex') : hex.toLowerCase(),
  );
}

const firstYearBefore = 4713;

/** DuckDB marks years before Christ with `(BC)`, in the middle where a time follows; PostgreSQL with ` BC` at the end. */
function dateText(text: string, lastYear: number): string | undefined {
  if (text.endsWith('infinity')) return text;
  const match = /^(-?\d+)(-\d{2}-\d{2})( \(BC\))?(.*)$/s.exec(text);
  if (match === null) return undefined;
  const [, year = '', monthAndDay = '', before, rest = ''] = match;
  if (year.startsWith('-')) return undefined;
  const limit = before === undefined ? lastYear : firstYearBefore - 1;
  if (Number(year) > limit) return undefined;
  return `${year}${monthAndDay}${rest}${before === undefined ? '' : ' BC'}`;
}

/** The reverse for figures of pg_stats, whose values are text of PostgreSQL's output functions. */
export function fromPostgresText(type: DataType, text: string): string | undefined {
  switch (type.id) {
    case 'boolean':
      return text === 't' || text === 'true' ? 'true' : 'false';
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'uinteger':
    case 'decimal':
    case 'float':
    case 'double':
    case 'varchar':
    case 'enum':
    case 'uuid':
    case 'time':
      return text;
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return text.endsWith(' BC') ? undefined : text;
    case 'null':
    case 'tinyint':
    case 'hugeint':
    case 'utinyint':
    case 'usmallint':
    case 'ubigint':
    case 'uhugeint':
    case 'blob':
    case 'interval':
    case 'json':
    case 'bit':
    case 'timetz':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return undefined;
  }
}
