import type { Connection } from 'mysql2/promise';

/** Values at which engines disagree, per type, as SQL. NULL comes with every type. */
export const hostileValues = {
  'BIT(1)': ["b'0'", "b'1'"],
  TINYINT: ['0', '1', '-1', '7', '127', '-128'],
  SMALLINT: ['0', '1', '-1', '7', '-7', '32767', '-32768'],
  MEDIUMINT: ['0', '-8388608', '8388607'],
  INT: ['0', '1', '-1', '2', '3', '7', '-7', '2147483647', '-2147483648'],
  BIGINT: ['0', '1', '-1', '7', '-7', '9007199254740993', '9223372036854775807', '-9223372036854775808'],
  'TINYINT UNSIGNED': ['0', '1', '255'],
  'SMALLINT UNSIGNED': ['0', '1', '65535'],
  'INT UNSIGNED': ['0', '1', '7', '4294967295'],
  'BIGINT UNSIGNED': ['0', '1', '7', '9223372036854775808', '18446744073709551615'],
  'INT(6) UNSIGNED ZEROFILL': ['0', '42'],
  YEAR: ['1901', '2000', '2155'],
  'DECIMAL(15,2)': [
    '0',
    '1.50',
    '-1.50',
    '0.05',
    '-0.05',
    '2.50',
    '-2.50',
    '3.50',
    '9999999999999.99',
    '-9999999999999.99',
  ],
  'DECIMAL(6,3)': ['0', '0.500', '-0.500', '1.005', '2.345', '-2.345', '999.999', '0.001', '100'],
  'DECIMAL(38,30)': ['0', '0.000000000000000000000000000001', '-12345678.5'],
  'DECIMAL(30,8)': [
    '0',
    '9007199254740993.12345678',
    '-1234567890123456789012.87654321',
    '90071992.54740993',
    '0.00000001',
  ],
  FLOAT: ['0', '-0e0', '1.5', '-2.5', '0.1', '3.40282346638528859e38', '1e-45', '16777216'],
  DOUBLE: [
    '0',
    '-0e0',
    '1.5',
    '-1.5',
    '2.5',
    '3.5',
    '0.5',
    '-0.5',
    '0.49999999999999994',
    '0.1',
    '1e308',
    '-1e308',
    '5e-324',
    '2.2250738585072014e-308',
    '1.7976931348623157e308',
    '4503599627370497.5',
    '1e15',
  ],
  TEXT: texts(),
  'CHAR(20) COLLATE utf8mb4_unicode_ci': ["''", "'a'", "'A'", "'ab  '", "'é'", "'E'", "'ß'", "'ss'"],
  'VARCHAR(20) CHARACTER SET latin1': ["''", "'a'", "'A '", "'é'", "'É'", "'ÿ'", "'€'"],
  'VARCHAR(20) COLLATE utf8mb4_bin': ["''", "'a'", "'a '", "'A'", "'é'", "'😀'"],
  'VARBINARY(10)': ["''", "X'00'", "X'ff'", "X'00ff'", "'a'", "'aa'", String.raw`X'5c'`],
  "ENUM('sad','ok','happy')": ["'sad'", "'ok'", "'happy'"],
  "SET('a','b','c')": ["''", "'a'", "'b,c'", "'a,b,c'"],
  DATE: [
    "'0001-01-01'",
    "'0044-03-15'",
    "'1969-12-31'",
    "'1970-01-01'",
    "'2000-02-29'",
    "'2020-01-31'",
    "'2020-12-31'",
    "'2021-01-01'",
    "'2021-01-03'",
    "'9999-12-31'",
  ],
  'DATETIME(6)': [
    "'0001-01-01 00:00:00'",
    "'1969-12-31 23:59:59.999999'",
    "'1970-01-01 00:00:00'",
    "'2000-02-29 12:34:56.789'",
    "'2020-01-31 23:59:59.999999'",
    "'2021-01-03 00:00:00'",
    "'9999-12-31 23:59:59.999999'",
  ],
  'TIMESTAMP(6)': [
    "'1970-01-01 00:00:01'",
    "'2000-02-29 12:34:56.789'",
    "'2020-06-30 23:59:59.999999'",
    "'2021-01-03 00:00:00'",
    "'2038-01-19 03:14:07.999999'",
  ],
} as const satisfies Record<string, readonly string[]>;

export type HostileType = keyof typeof hostileValues;

export const hostileTypes = Object.keys(hostileValues).filter(
  (name): name is HostileType => name in hostileValues,
);

function texts(): readonly string[] {
  return [
    '',
    'a',
    'A',
    'a ',
    'abc',
    'ABC',
    'b',
    'a b',
    ' lead',
    'trail ',
    '\ttab\n',
    '\u00a0x\u3000',
    '\u200bz',
    'añ日本',
    'e\u0301x',
    'é',
    'e',
    'ß',
    'ss',
    'İ',
    'i',
    '%',
    '_',
    'a%b',
    'a_b',
    'a|b',
    'a\\b',
    '\\',
    '\\%',
    "'",
    '"',
    'aa',
    'aaa',
    '10',
    '9',
    '\uffff',
    '\u{1f600}',
    'zz',
    'xxabcxx',
    'NULL',
    'nul\0l',
  ].map((text) => `CONVERT(X'${Buffer.from(text).toString('hex')}' USING utf8mb4)`);
}

/** The table of all pairs of a type's values: `id`, `a`, `b`. */
export function pairsTable(type: HostileType): string {
  return `pairs_${hostileTypes.indexOf(type)}`;
}

export async function createHostileTables(admin: Connection): Promise<void> {
  await admin.query("SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES'");
  for (const type of hostileTypes) {
    const pairs = pairsTable(type);
    const nullable = type.startsWith('TIMESTAMP') ? `${type} NULL` : type;
    await admin.query(`CREATE TEMPORARY TABLE v_${pairs} (n INT AUTO_INCREMENT PRIMARY KEY, x ${nullable})`);
    const rows = [...hostileValues[type], 'NULL'].map((value) => `(${value})`).join(', ');
    await admin.query(`INSERT INTO v_${pairs} (x) VALUES ${rows}`);
    // One temporary table cannot be read twice in a statement.
    await admin.query(`CREATE TEMPORARY TABLE w_${pairs} AS SELECT * FROM v_${pairs}`);
    await admin.query(`CREATE TABLE ${pairs} (id BIGINT PRIMARY KEY, a ${nullable}, b ${nullable})`);
    await admin.query(
      `INSERT INTO ${pairs} SELECT ROW_NUMBER() OVER (ORDER BY l.n, r.n), l.x, r.x FROM v_${pairs} l, w_${pairs} r`,
    );
    await admin.query(`ANALYZE TABLE ${pairs}`);
  }
}
