import { describe, expect, test } from 'vitest';
import { coerceParameters, inferParameters } from './parameters.js';

describe('inferred types', () => {
  test.each([
    [null, 'null', null],
    [true, 'boolean', 'true'],
    [5, 'integer', '5'],
    [-2147483647, 'integer', '-2147483647'],
    [3_000_000_000, 'bigint', '3000000000'],
    [1.5, 'double', '1.5'],
    [-0, 'double', '-0.0'],
    [Number.NaN, 'double', 'NaN'],
    [Number.NEGATIVE_INFINITY, 'double', '-Infinity'],
    [2 ** 53, 'double', '9007199254740992'],
    [10n, 'bigint', '10'],
    [2n ** 63n, 'hugeint', '9223372036854775808'],
    ["it's", 'varchar', "it's"],
    [new Date('2020-01-31T12:00:00.5Z'), 'timestamptz', '2020-01-31 12:00:00.500+00'],
    [new Date('-000043-03-15T00:00:00Z'), 'timestamptz', '0044-03-15 (BC) 00:00:00.000+00'],
    [new Date('+012020-01-01T00:00:00Z'), 'timestamptz', '12020-01-01 00:00:00.000+00'],
    [Uint8Array.of(0, 255), 'blob', '\\x00\\xFF'],
  ])('%s is %s', (input, id, value) => {
    expect(inferParameters([input]).get('1')).toEqual({ type: { id }, value });
  });

  test('names are those given', () => {
    expect([...inferParameters({ since: 1, until: 2 }).keys()]).toEqual(['since', 'until']);
    expect([...inferParameters(undefined).keys()]).toEqual([]);
  });

  test('a value that says its type keeps it', () => {
    const value = { type: { id: 'decimal', precision: 10, scale: 2 }, value: '1.50' } as const;
    expect(inferParameters([value]).get('1')).toEqual(value);
  });

  test.each([
    [{ id: 'bigint' }, '1 OR 1=1'],
    [{ id: 'bigint' }, 7],
    [{ id: 'decimal', precision: 10, scale: 2 }, "1'"],
    [{ id: 'decimal', precision: '10), (1', scale: 2 }, '1'],
    [{ id: 'double' }, '1; --'],
    [{ id: 'boolean' }, 'true OR true'],
    [{ id: 'integer) FROM t' }, '1'],
    [{ id: 'list', element: { id: 'x' } }, '[]'],
    [{ id: 'struct', fields: [{ name: 'a', type: { id: 'x' } }] }, '{}'],
    ['bigint', '1'],
  ])('a value of type %j is not %j, whoever sends that', (type, value) => {
    const sent: unknown = JSON.parse(JSON.stringify([{ type, value }]));
    expect(() => inferParameters(sent as [])).toThrow(expect.objectContaining({ code: 'SQL.PARAMETER' }));
  });

  test.each([
    [{ id: 'bigint' }, '-5'],
    [{ id: 'double' }, '-1.5e-10'],
    [{ id: 'double' }, 'Infinity'],
    [{ id: 'boolean' }, 'false'],
    [{ id: 'list', element: { id: 'bigint' } }, '[1, 2]'],
    [{ id: 'date' }, '2020-01-31'],
  ] as const)('a value of type %j may be %j', (type, value) => {
    expect(inferParameters([{ type, value }]).get('1')).toEqual({ type, value });
  });

  test.each([[new Date(Number.NaN)], [2n ** 127n]])('%s is refused', (input) => {
    expect(() => inferParameters([input])).toThrow(expect.objectContaining({ code: 'SQL.PARAMETER' }));
  });
});

describe('coercion', () => {
  const never = (): Promise<never> => Promise.reject(new Error('asked DuckDB'));

  test.each([
    [7, { id: 'bigint' }, '7'],
    [7, { id: 'utinyint' }, '7'],
    [7, { id: 'double' }, '7'],
    [7, { id: 'decimal', precision: 4, scale: 2 }, '7'],
    ['x', { id: 'varchar' }, 'x'],
    [null, { id: 'date' }, null],
  ] as const)('%j to %j needs no help', async (input, type, value) => {
    const coerced = await coerceParameters(inferParameters([input]), [{ name: '1', type }], never);
    expect(coerced.get('1')).toEqual({ type, value });
  });

  test.each([
    [300, { id: 'utinyint' }],
    [-1, { id: 'uinteger' }],
    [100, { id: 'decimal', precision: 4, scale: 2 }],
    ['x', { id: 'date' }],
  ] as const)('%j to %j is DuckDB’s to decide', async (input, type) => {
    const coerced = coerceParameters(inferParameters([input]), [{ name: '1', type }], never);
    await expect(coerced).rejects.toMatchObject({ code: 'SQL.PARAMETER' });
  });
});
