import { expect, test } from 'vitest';
import { useTestDatabase } from '../../../test/render/run.js';
import { type DataType, decimalType, literal, simpleType, typeName } from '../../plan/index.js';
import { duckdbComparand, duckdbLiteral } from './literal.js';

const database = useTestDatabase();

const values: readonly (readonly [DataType, readonly string[]])[] = [
  [simpleType('boolean'), ['true', 'false']],
  [simpleType('tinyint'), ['-128', '127']],
  [simpleType('integer'), ['-2147483648', '2147483647', '0', '-1', '999999999']],
  [simpleType('bigint'), ['-9223372036854775808', '9223372036854775807']],
  [simpleType('ubigint'), ['18446744073709551615']],
  [
    simpleType('hugeint'),
    ['-170141183460469231731687303715884105728', '170141183460469231731687303715884105727'],
  ],
  [decimalType(38, 10), ['-9999999999999999999999999999.9999999999', '0.0000000001']],
  [simpleType('float'), ['nan', 'inf', '-inf', '0.1']],
  [simpleType('double'), ['nan', 'inf', '-inf', '-0.0', '5e-324', '1.7976931348623157e+308']],
  [simpleType('varchar'), ['', "it's", '\\', 'Grüße 🦆', '$1 "q" -- ; \u0001']],
  [simpleType('json'), ['{"a":[1,null]}']],
  [simpleType('blob'), ['\\x00\\xFFabc']],
  [simpleType('bit'), ['0101']],
  [simpleType('uuid'), ['5d0c1e2e-0b5f-4a5a-9b1a-0a1b2c3d4e5f']],
  [simpleType('date'), ['2020-02-29', '290309-12-22 (BC)', 'infinity']],
  [simpleType('time'), ['23:59:59.999999']],
  [simpleType('timestamp'), ['1970-01-01 00:00:00', '294247-01-10 04:00:54.775806']],
  [simpleType('timestamp_ns'), ['2020-01-01 00:00:00.123456789']],
  [simpleType('timestamptz'), ['2020-01-01 12:30:00.5+00']],
  [simpleType('interval'), ['1 year 2 months 3 days 04:05:06.789', '-5 days']],
  [{ id: 'enum', values: ['on', "it's"] }, ['on', "it's"]],
  [{ id: 'list', element: simpleType('integer') }, ['[1, NULL, 3]', '[]']],
  [{ id: 'struct', fields: [{ name: 'a b', type: simpleType('integer') }] }, ["{'a b': 1}"]],
  [{ id: 'map', key: simpleType('varchar'), value: simpleType('integer') }, ['{x=1}']],
];

test.each(values)('%o', async (type, texts) => {
  await database.rows("SET TimeZone = 'UTC'");
  for (const value of texts) {
    const sql = duckdbLiteral(literal(type, value));
    const [row] = await database.rows(`SELECT typeof(x), CAST(x AS VARCHAR) FROM (SELECT ${sql} AS x)`);
    expect(row).toEqual([typeName(type), value]);
  }
  const [row] = await database.rows(
    `SELECT typeof(x), x IS NULL FROM (SELECT ${duckdbLiteral(literal(type, null))} AS x)`,
  );
  expect(row).toEqual([typeName(type), true]);
});

test('text with a NUL character', async () => {
  const sql = duckdbLiteral(literal(simpleType('varchar'), "a\0b'"));
  expect(await database.rows(`SELECT ${sql} = 'a' || chr(0) || 'b''', length(${sql})`)).toEqual([
    [true, '4'],
  ]);
});

test('only numbers that DuckDB reads exactly are written short beside a column', () => {
  expect(duckdbComparand(literal(simpleType('bigint'), '5'))).toBe('5');
  expect(duckdbComparand(literal(decimalType(10, 2), '1.50'))).toBe('1.50');
  expect(duckdbComparand(literal(simpleType('double'), '1.5'))).toBeUndefined();
  expect(
    duckdbComparand(literal(simpleType('hugeint'), '170141183460469231731687303715884105727')),
  ).toBeUndefined();
  expect(duckdbComparand(literal(simpleType('varchar'), '5'))).toBeUndefined();
});
