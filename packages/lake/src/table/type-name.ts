import { type DataType, type SimpleTypeId, decimalType, simpleType } from '@tributary/connector-sdk';

const simple: ReadonlyMap<string, SimpleTypeId> = new Map([
  ['boolean', 'boolean'],
  ['bool', 'boolean'],
  ['tinyint', 'tinyint'],
  ['smallint', 'smallint'],
  ['integer', 'integer'],
  ['int', 'integer'],
  ['bigint', 'bigint'],
  ['hugeint', 'hugeint'],
  ['utinyint', 'utinyint'],
  ['usmallint', 'usmallint'],
  ['uinteger', 'uinteger'],
  ['ubigint', 'ubigint'],
  ['uhugeint', 'uhugeint'],
  ['float', 'float'],
  ['real', 'float'],
  ['double', 'double'],
  ['varchar', 'varchar'],
  ['text', 'varchar'],
  ['string', 'varchar'],
  ['json', 'json'],
  ['blob', 'blob'],
  ['uuid', 'uuid'],
  ['date', 'date'],
  ['time', 'time'],
  ['timestamp', 'timestamp'],
  ['timestamp_s', 'timestamp_s'],
  ['timestamp_ms', 'timestamp_ms'],
  ['timestamp_ns', 'timestamp_ns'],
  ['timestamptz', 'timestamptz'],
  ['timestamp with time zone', 'timestamptz'],
  ['interval', 'interval'],
]);

/** Reads a type as a configuration writes it (DuckDB's names; lists as `BIGINT[]`); undefined when it is none. */
export function parseTypeName(text: string): DataType | undefined {
  const name = text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
  if (name.endsWith('[]')) {
    const element = parseTypeName(name.slice(0, -2));
    return element === undefined ? undefined : { id: 'list', element };
  }
  const decimal = /^(?:decimal|numeric) ?\( ?(\d{1,2}) ?(?:, ?(\d{1,2}) ?)?\)$/.exec(name);
  if (decimal !== null) {
    const precision = Number(decimal[1]);
    const scale = Number(decimal[2] ?? 0);
    return precision >= 1 && precision <= 38 && scale <= precision
      ? decimalType(precision, scale)
      : undefined;
  }
  const id = simple.get(name);
  return id === undefined ? undefined : simpleType(id);
}
