/** Values at which engines disagree, per type, as ClickHouse reads them from text. NULL comes with every type. */
export const hostileValues = {
  Bool: ['true', 'false'],
  Int8: ['0', '-1', '7', '127', '-128'],
  Int16: ['0', '-7', '32767', '-32768'],
  Int32: ['0', '-1', '3', '-7', '2147483647', '-2147483648'],
  Int64: ['0', '-1', '-7', '9007199254740993', '9223372036854775807', '-9223372036854775808'],
  Int128: ['0', '1', '-7', '9223372036854775808', '99999999999999999999999999999999999999'],
  UInt8: ['0', '1', '7', '255'],
  UInt32: ['0', '1', '7', '4294967295'],
  UInt64: ['0', '1', '7', '9223372036854775808', '18446744073709551615'],
  'Decimal(15, 2)': [
    '0',
    '1.50',
    '-1.50',
    '0.05',
    '-0.05',
    '2.50',
    '-2.50',
    '9999999999999.99',
    '-9999999999999.99',
  ],
  'Decimal(6, 3)': ['0', '0.500', '-0.500', '1.005', '2.345', '-2.345', '999.999', '0.001'],
  'Decimal(38, 10)': ['0', '0.0000000001', '-9999999999999999999999999999.9999999999', '1.5'],
  Float32: ['0', '-0', '1.5', '-2.5', '0.1', '3.4028235e38', '1e-45', 'nan', 'inf', '-inf', '16777216'],
  Float64: [
    '0',
    '-0',
    '1.5',
    '-1.5',
    '2.5',
    '0.5',
    '-0.5',
    '0.49999999999999994',
    '0.1',
    '1e308',
    '-1e308',
    '5e-324',
    '1.7976931348623157e308',
    'nan',
    'inf',
    '-inf',
    '4503599627370497.5',
  ],
  String: [
    '',
    'a',
    'A',
    'abc',
    'ABC',
    'b',
    'a b',
    ' lead',
    'trail ',
    '\ttab\n',
    'a\0b',
    'añ日本',
    'e\u0301x',
    'ß',
    'İ',
    '%',
    '_',
    'a%b',
    'a_b',
    'a\\b',
    '\\',
    '\\%',
    "'",
    '"',
    '`',
    'aa',
    'aaa',
    '10',
    '9',
    '\uffff',
    '\u{1f600}',
    'xxabcxx',
    'NULL',
    '\\N',
    "['a']",
  ],
  'LowCardinality(String)': ['', 'a', 'A', 'añ', '\\', "'"],
  'FixedString(4)': ['', 'a', 'ab', 'A', 'abcd'],
  "Enum8('sad' = 1, 'ok' = -3, 'happy' = 2)": ['sad', 'ok', 'happy'],
  UUID: [
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '80000000-0000-0000-0000-000000000000',
    '7fffffff-ffff-ffff-0000-ffffffffffff',
    '00000000-0000-0001-8000-000000000000',
  ],
  IPv4: ['0.0.0.0', '10.0.0.2', '9.255.255.255', '255.255.255.255'],
  IPv6: ['::', '::1', '::ffff:1.2.3.4', 'fe80::1'],
  Date: ['1970-01-01', '2000-02-29', '2020-01-31', '2020-12-31', '2021-01-03', '2149-06-06'],
  Date32: ['1900-01-01', '1969-12-31', '2000-02-29', '2020-12-31', '2021-01-03', '2299-12-31'],
  "DateTime('Europe/Berlin')": ['1970-01-02 00:00:00', '2020-03-29 03:30:00', '2020-10-25 02:30:00'],
  "DateTime64(3, 'Asia/Kolkata')": [
    '1969-12-31 23:59:59.999',
    '2020-01-01 00:00:00',
    '2016-12-31 23:59:59.5',
  ],
  "DateTime64(6, 'UTC')": [
    '1900-01-01 00:00:00',
    '1969-12-31 23:59:59.999999',
    '2020-01-31 23:59:59.999999',
    '2021-01-03 00:00:00',
    '2299-12-31 23:59:59.999999',
  ],
  "DateTime64(9, 'UTC')": ['2020-01-31 23:59:59.123456789', '1969-12-31 23:59:59.999999999'],
  UInt256: ['0', '340282366920938463463374607431768211456'],
} as const satisfies Record<string, readonly string[]>;

export type HostileType = keyof typeof hostileValues;

export const hostileTypes = Object.keys(hostileValues).filter(
  (name): name is HostileType => name in hostileValues,
);

/** The table of all pairs of a type's values: `id`, `a`, `b`. */
export function pairsTable(type: HostileType): string {
  return `pairs_${type.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`;
}

export function hostileTableSql(type: HostileType): readonly string[] {
  const nullable = type.startsWith('LowCardinality')
    ? 'LowCardinality(Nullable(String))'
    : `Nullable(${type})`;
  const values = hostileValues[type].map((value) => `CAST(${quote(value)} AS ${nullable})`);
  const array = `[${[...values, `CAST(NULL AS ${nullable})`].join(', ')}]`;
  const table = pairsTable(type);
  return [
    `CREATE TABLE ${table} (id Int64, a ${nullable}, b ${nullable}) ENGINE = MergeTree ORDER BY id`,
    `INSERT INTO ${table} SELECT rowNumberInAllBlocks(), l, r
     FROM (SELECT arrayJoin(${array}) AS l) AS x CROSS JOIN (SELECT arrayJoin(${array}) AS r) AS y`,
  ];
}

function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`).replaceAll('\0', String.raw`\0`)}'`;
}
