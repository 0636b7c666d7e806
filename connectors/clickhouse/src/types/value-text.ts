import type { DataType } from '@tributary/connector-sdk';

/** Numbers and truths stand in statements and arrays without quotes: what else their text holds would be SQL. */
const integerNumber = /^[+-]?\d+$/;
const exactNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const floatNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A value from literal text form (DuckDB's) to what ClickHouse reads as a value of the type; undefined where it has no such value.
 */
export function toClickhouseText(type: DataType, text: string): string | undefined {
  switch (type.id) {
    case 'boolean':
      return text === 'true' || text === 'false' ? text : undefined;
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
      return integerNumber.test(text) ? text : undefined;
    case 'decimal':
      return exactNumber.test(text) ? text : undefined;
    case 'varchar':
    case 'enum':
    case 'uuid':
      return text;
    case 'float':
    case 'double':
      return floatText(text);
    case 'date':
      return text.length === 10 && inYears(text) ? text : undefined;
    case 'timestamptz':
      return instantText(text);
    case 'null':
    case 'uhugeint':
    case 'json':
    case 'blob':
    case 'bit':
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'interval':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
      return undefined;
  }
}

function floatText(text: string): string | undefined {
  switch (text.toLowerCase()) {
    case 'nan':
    case '-nan':
      return 'nan';
    case 'inf':
    case '+inf':
    case 'infinity':
      return 'inf';
    case '-inf':
    case '-infinity':
      return '-inf';
    default:
      return floatNumber.test(text) ? text : undefined;
  }
}

/** What Date32 and DateTime64 hold; beyond, ClickHouse takes the nearest date that it has. */
const firstYear = 1900;
const lastYear = 2299;

function inYears(text: string): boolean {
  const year = /^(\d{4})-\d{2}-\d{2}$/.exec(text.slice(0, 10))?.[1];
  return !text.includes('(BC)') && Number(year) >= firstYear && Number(year) <= lastYear;
}

/** In UTC, which the engine writes; any other offset is none of its constants. */
function instantText(text: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)\+00(?::00)?$/.exec(text);
  const [, instant] = match ?? [];
  return instant !== undefined && inYears(instant) ? instant : undefined;
}
