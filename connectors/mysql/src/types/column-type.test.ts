import { typeName } from '@tributary/connector-sdk';
import { describe, expect, test } from 'vitest';
import { mapType } from './column-type.js';
import { enumLabels, type NativeColumn } from './native-column.js';

const options = { tinyint1AsBoolean: false, zeroDates: 'error' } as const;

function column(columnType: string, more: Partial<NativeColumn> = {}): NativeColumn {
  const dataType = columnType.replace(/[ (].*$/s, '');
  const isText = /char|text|enum|set/.test(dataType);
  return {
    name: 'c',
    dataType,
    columnType,
    nullable: true,
    characterSet: isText ? 'utf8mb4' : null,
    collation: isText ? 'utf8mb4_0900_ai_ci' : null,
    precision: null,
    scale: null,
    isCheckedJson: false,
    ...more,
  };
}

test.each([
  ['tinyint', 'TINYINT', 'plain'],
  ['tinyint(1)', 'TINYINT', 'plain'],
  ['tinyint unsigned', 'UTINYINT', 'plain'],
  ['smallint(5) unsigned', 'USMALLINT', 'plain'],
  ['mediumint', 'INTEGER', 'plain'],
  ['int unsigned', 'UINTEGER', 'plain'],
  ['int(10) unsigned zerofill', 'UINTEGER', 'plain'],
  ['bigint', 'BIGINT', 'plain'],
  ['bigint unsigned', 'UBIGINT', 'plain'],
  ['bit(1)', 'BOOLEAN', 'number'],
  ['bit(64)', 'UBIGINT', 'number'],
  ['float', 'FLOAT', 'plain'],
  ['double(7,2)', 'DOUBLE', 'plain'],
  ['year', 'USMALLINT', 'plain'],
  ['date', 'DATE', 'plain'],
  ['datetime(6)', 'TIMESTAMP', 'plain'],
  ['timestamp', 'TIMESTAMP WITH TIME ZONE', 'plain'],
  ['time', 'INTERVAL', 'plain'],
  ['varchar(20)', 'VARCHAR', 'bytes'],
  ['blob', 'BLOB', 'plain'],
  ['json', 'JSON', 'text'],
  ["enum('a','b')", "ENUM('a', 'b')", 'text'],
  ["set('a','b')", 'VARCHAR', 'text'],
  ['point', 'VARCHAR', 'wkt'],
  ['inet6', 'VARCHAR', 'text'],
  ['uuid', 'UUID', 'text'],
])('%s is %s, read as %s', (native, type, form) => {
  const mapped = mapType(column(native), options, 'mysql');
  expect([typeName(mapped.type), mapped.form]).toEqual([type, form]);
});

describe('what depends on more than the type', () => {
  test('decimals of up to 38 digits are exact, longer ones text', () => {
    const decimal = (precision: number): string =>
      typeName(mapType(column('decimal', { precision, scale: 4 }), options, 'mysql').type);
    expect([decimal(38), decimal(39)]).toEqual(['DECIMAL(38,4)', 'VARCHAR']);
  });

  test('text under a byte collation needs no form', () => {
    const bin = column('varchar(9)', { collation: 'utf8mb4_0900_bin' });
    expect(mapType(bin, options, 'mysql').form).toBe('plain');
    // This one pads: 'a' = 'a '.
    const padded = column('varchar(9)', { collation: 'utf8mb4_bin' });
    expect(mapType(padded, options, 'mysql').form).toBe('bytes');
  });

  test('other character sets are converted', () => {
    const latin = column('varchar(9)', { characterSet: 'latin1', collation: 'latin1_swedish_ci' });
    expect(mapType(latin, options, 'mysql').form).toBe('recoded');
  });

  test("MariaDB's JSON is a checked longtext", () => {
    const mapped = mapType(column('longtext', { isCheckedJson: true }), options, 'mariadb');
    expect([mapped.type.id, mapped.comparison]).toEqual(['json', 'none']);
  });

  test('MariaDB does not order what is longer than its sort keys', () => {
    expect(mapType(column('longtext'), options, 'mariadb').comparison).toBe('equality');
    expect(mapType(column('longtext'), options, 'mysql').comparison).toBe('ordered');
    expect(mapType(column('text'), options, 'mariadb').comparison).toBe('ordered');
  });

  test('options', () => {
    const asBoolean = { ...options, tinyint1AsBoolean: true };
    expect(mapType(column('tinyint(1)'), asBoolean, 'mysql').type.id).toBe('boolean');
    expect(mapType(column('tinyint(4)'), asBoolean, 'mysql').type.id).toBe('tinyint');
    const zeroAsNull = mapType(column('date'), { ...options, zeroDates: 'null' }, 'mysql');
    expect([zeroAsNull.form, zeroAsNull.makesNull]).toEqual(['point', true]);
  });
});

test('labels with quotes and commas in them', () => {
  expect(enumLabels("enum('a','b''c','d,e')")).toEqual(['a', "b'c", 'd,e']);
});
