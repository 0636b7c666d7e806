/** Values at which engines disagree, per type, as PostgreSQL literals. NULL comes with every type. */
export const hostileValues = {
  boolean: ['true', 'false'],
  smallint: ['0', '1', '-1', '7', '-7', '32767', '-32768'],
  integer: ['0', '1', '-1', '2', '3', '7', '-7', '2147483647', '-2147483648'],
  bigint: ['0', '1', '-1', '7', '-7', '9007199254740993', '9223372036854775807', '-9223372036854775808'],
  'numeric(15,2)': [
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
  'numeric(6,3)': ['0', '0.500', '-0.500', '1.005', '2.345', '-2.345', '999.999', '0.001', '100'],
  real: [
    '0',
    '-0',
    '1.5',
    '-2.5',
    '0.1',
    '3.4028235e38',
    '1e-45',
    'NaN',
    'Infinity',
    '-Infinity',
    '16777216',
  ],
  'double precision': [
    '0',
    '-0',
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
    '1e-310',
    '2.2250738585072014e-308',
    '1.7976931348623157e308',
    'NaN',
    'Infinity',
    '-Infinity',
    '4503599627370497.5',
    '1e15',
  ],
  text: [
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
    '\u00a0x\u3000',
    '\u200bz',
    'añ日本',
    'e\u0301x',
    'ß',
    'İ',
    'i',
    '%',
    '_',
    'a%b',
    'a_b',
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
    '{a,"b"}',
  ],
  date: [
    'infinity',
    '-infinity',
    '0001-01-01',
    '0044-03-15 BC',
    '0001-12-31 BC',
    '4710-01-01 BC',
    '1970-01-01',
    '1969-12-31',
    '2000-02-29',
    '2020-01-31',
    '2020-12-31',
    '2021-01-01',
    '2021-01-03',
    '9999-12-31',
    '12000-01-01',
  ],
  timestamp: [
    'infinity',
    '-infinity',
    '0001-01-01 00:00:00',
    '0044-03-15 01:02:03 BC',
    '1969-12-31 23:59:59.999999',
    '1970-01-01 00:00:00',
    '2000-02-29 12:34:56.789',
    '2020-01-31 23:59:59.999999',
    '2021-01-03 00:00:00',
    '12000-01-01 00:00:00.000001',
  ],
  timestamptz: [
    'infinity',
    '-infinity',
    '0044-03-15 01:02:03+00 BC',
    '1969-12-31 23:59:59.999999+00',
    '2020-01-01 01:00:00+02',
    '2020-06-30 23:30:00-05',
    '2021-01-03 00:00:00+00',
  ],
  time: ['00:00:00', '23:59:59.999999', '12:34:56.789', '24:00:00'],
  interval: [
    '0',
    '1 mon',
    '-1 mon',
    '30 days',
    '1 year 2 mons 3 days 04:05:06.789',
    '-04:05:06',
    '13 mons -3 days',
  ],
  uuid: [
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '80000000-0000-0000-0000-000000000000',
    '7fffffff-ffff-ffff-ffff-ffffffffffff',
  ],
  bytea: ['\\x', '\\x00', '\\xff', '\\x00ff', '\\x61', '\\x6161', '\\x5c'],
  mood: ['sad', 'ok', 'happy'],
  citext: ['a', 'A', 'b', 'B', ''],
  'char(4)': ['', 'a', 'ab', 'A', 'abcd'],
  ci_text: ['a', 'A', 'b', 'é', 'É', ''],
  oid: ['0', '1', '4294967295'],
} as const satisfies Record<string, readonly string[]>;

export type HostileType = keyof typeof hostileValues;

export const hostileTypes = Object.keys(hostileValues).filter(
  (name): name is HostileType => name in hostileValues,
);

/** The table of all pairs of a type's values: `id`, `a`, `b`. */
export function pairsTable(type: HostileType): string {
  return `pairs_${type.replaceAll(/[^a-z0-9]+/g, '_')}`;
}

export function hostileTablesSql(): string {
  const prelude = `
    CREATE EXTENSION citext;
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
    CREATE COLLATION case_blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
    CREATE DOMAIN ci_text AS text COLLATE case_blind;`;
  const tables = hostileTypes.map((type) => {
    const values = hostileValues[type].map((value) => `(${quote(value)}::${type})`).join(', ');
    const name = pairsTable(type);
    return `
    CREATE TABLE ${name} (id bigint PRIMARY KEY, a ${type}, b ${type});
    WITH v(x) AS (VALUES ${values}, (NULL::${type}))
    INSERT INTO ${name} SELECT row_number() OVER (), l.x, r.x FROM v l, v r;`;
  });
  return [prelude, ...tables, 'ANALYZE;'].join('\n');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
