import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeColumn, mysqlToArrow, mysqlToDuckDB, refusal } from '../../test/decode-mysql.js';
import * as mysql from '../../test/mysql-bytes.js';
import type { ColumnType } from '../index.js';

const unrepresentable = 'SOURCE.UNREPRESENTABLE_VALUE';
const decimal = (precision: number, scale: number): ColumnType => ({ id: 'decimal', precision, scale });

const integers = [
  ['tinyint', 'tiny', 1, -(2n ** 7n), 2n ** 7n - 1n],
  ['utinyint', 'unsignedTiny', 1, 0n, 2n ** 8n - 1n],
  ['smallint', 'short', 2, -(2n ** 15n), 2n ** 15n - 1n],
  ['usmallint', 'unsignedShort', 2, 0n, 2n ** 16n - 1n],
  ['integer', 'long', 4, -(2n ** 31n), 2n ** 31n - 1n],
  ['uinteger', 'unsignedLong', 4, 0n, 2n ** 32n - 1n],
  ['bigint', 'longlong', 8, -(2n ** 63n), 2n ** 63n - 1n],
  ['ubigint', 'unsignedLonglong', 8, 0n, 2n ** 64n - 1n],
] as const;

describe('integers', () => {
  it.each(integers)('of type %s are read from its own width', async (id, name, bytes, least, most) => {
    const fields = [least, 0n, 1n, most].map((value) => mysql.int(value, bytes));
    const cells = await decodeColumn(mysql.wire[name], { id }, [...fields, null]);
    expect(cells).toEqual([least, 0n, 1n, most].map(String).concat('NULL'));
  });

  it('come in any width and sign, and are those that they are or refused', async () => {
    const pairs = fc.tuple(fc.constantFrom(...integers), fc.constantFrom(...integers));
    const values = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
      fc
        .constantFrom(...integers.flatMap(([, , , least, most]) => [least, most]))
        .chain((edge) => fc.bigInt({ min: edge - 1n, max: edge + 1n })),
    );
    await fc.assert(
      fc.asyncProperty(pairs, values, async ([[id, , , least, most], source], value) => {
        const [, name, bytes, lowest, highest] = source;
        if (value < lowest || value > highest) return;
        const isIn = value >= least && value <= most;
        const read = await decodeColumn(mysql.wire[name], { id }, [mysql.int(value, bytes)]).catch(
          (error: { code: string }) => error.code,
        );
        expect(read).toEqual(isIn ? [String(value)] : unrepresentable);
      }),
      { numRuns: 150 },
    );
  });

  it('come as decimals, and as INT24, YEAR and BIT', async () => {
    const big = String(10n ** 38n - 1n);
    expect(await decodeColumn(mysql.wire.decimal, { id: 'hugeint' }, [mysql.text(`-${big}`)])).toEqual([
      `-${big}`,
    ]);
    const bigint = [
      mysql.text('-9223372036854775808'),
      mysql.text('0009'),
      mysql.text('-0'),
      mysql.text('7.000'),
    ];
    expect(await decodeColumn(mysql.wire.decimal, { id: 'bigint' }, bigint)).toEqual([
      '-9223372036854775808',
      '9',
      '0',
      '7',
    ]);
    expect(await refusal(mysql.wire.decimal, { id: 'bigint' }, mysql.text('9223372036854775808'))).toBe(
      unrepresentable,
    );
    expect(await refusal(mysql.wire.decimal, { id: 'bigint' }, mysql.text('1.5'))).toBe(unrepresentable);
    expect(await decodeColumn(mysql.wire.int24, { id: 'integer' }, [mysql.int(-8_388_608, 4)])).toEqual([
      '-8388608',
    ]);
    expect(await decodeColumn(mysql.wire.year, { id: 'usmallint' }, [mysql.int(2155, 2)])).toEqual(['2155']);
    const bits = [mysql.text(Buffer.alloc(8, 0xff)), mysql.text(Buffer.from([1, 0])), null];
    expect(await decodeColumn(mysql.wire.bit, { id: 'ubigint' }, bits)).toEqual([
      '18446744073709551615',
      '256',
      'NULL',
    ]);
    expect(await decodeColumn(mysql.wire.bit, { id: 'blob' }, bits.slice(1))).toEqual(["x'0100'", 'NULL']);
  });

  it.each(['tiny', 'long', 'unsignedLonglong', 'longlong'] as const)(
    'of type %s may be truth values',
    async (name) => {
      const bytes = { tiny: 1, long: 4, unsignedLonglong: 8, longlong: 8 } as const;
      const field = (value: number): Buffer => mysql.int(value, bytes[name]);
      expect(await decodeColumn(mysql.wire[name], { id: 'boolean' }, [field(1), null, field(0)])).toEqual([
        'true',
        'NULL',
        'false',
      ]);
      expect(await refusal(mysql.wire[name], { id: 'boolean' }, field(2))).toBe(unrepresentable);
      expect(await refusal(mysql.wire[name], { id: 'boolean' }, field(-1))).toBe(unrepresentable);
    },
  );
});

describe('decimals', () => {
  const numbers = fc
    .record({
      precision: fc.integer({ min: 1, max: 38 }),
      scaleShare: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ precision, scaleShare }) => ({ precision, scale: Math.round(precision * scaleShare) }))
    .chain(({ precision, scale }) => {
      const limit = 10n ** BigInt(precision) - 1n;
      const values = fc.oneof(
        fc.bigInt({ min: -limit, max: limit }),
        fc.constantFrom(limit, -limit, 0n, 1n, -1n),
      );
      return fc
        .array(fc.option(values, { freq: 4 }), { maxLength: 30 })
        .map((all) => ({ precision, scale, values: all }));
    });

  it('are exactly the number that their digits spell, at every precision and scale', async () => {
    await fc.assert(
      fc.asyncProperty(numbers, async ({ precision, scale, values }) => {
        const columns = [{ name: 'v', type: decimal(precision, scale), wire: mysql.wire.decimal }];
        const fields = values.map((value) => [value === null ? null : mysql.text(fixed(value, scale))]);
        const { rows } = await mysqlToArrow(columns, [mysql.rowStream(fields)]);
        expect(rows).toEqual(values.map((value) => [value === null ? 'NULL' : shortest(value, scale)]));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [9, 4],
    [18, 3],
    [38, 10],
    [38, 38],
    [19, 0],
  ])('with %d digits, %d of them decimals, are read by DuckDB as that number', async (precision, scale) => {
    const limit = 10n ** BigInt(precision) - 1n;
    const values = [0n, 1n, -1n, 9_999n, -10_001n, limit, -limit];
    const fields = values.map((value) => mysql.text(fixed(value, scale)));
    expect(await decodeColumn(mysql.wire.decimal, decimal(precision, scale), fields)).toEqual(
      values.map((value) => shortest(value, scale)),
    );
  });

  it('are read whatever scale they come with', async () => {
    const fields = ['1.5', '1.5000000', '2', '00001.50', '-0.00'].map(mysql.text);
    expect(await decodeColumn(mysql.wire.decimal, decimal(10, 2), fields)).toEqual([
      '1.5',
      '1.5',
      '2',
      '1.5',
      '0',
    ]);
  });

  it.each([
    ['one digit too many', '100000000.00', 'more digits'],
    ['far too many digits', '9'.repeat(65), 'more digits'],
    ['one decimal too many', '0.001', 'more decimals'],
    ['no digits', '', 'form of its type'],
    ['a letter', '1e5', 'form of its type'],
    ['two points', '1.2.3', 'form of its type'],
  ])('are refused with %s, and column and row are named', async (_, text, what) => {
    const columns = [
      { name: 'id', type: { id: 'integer' }, wire: mysql.wire.long },
      { name: 'price', type: decimal(10, 2), wire: mysql.wire.decimal },
    ] as const;
    const good = [mysql.int(1, 4), mysql.text('0.01')];
    const rows = [
      ...Array.from({ length: 1500 }, () => good),
      [mysql.int(2, 4), null],
      [mysql.int(3, 4), mysql.text(text)],
      good,
    ];
    for (const decode of [mysqlToArrow, mysqlToDuckDB]) {
      const failing = decode(columns, [mysql.rowStream(rows)]);
      await expect(failing).rejects.toMatchObject({ object: 'shop.t', sourceId: 'shop' });
      await expect(failing).rejects.toThrow('column price, row 1502');
      await expect(failing).rejects.toThrow(what);
    }
  });

  it('come as integers and as doubles, where that is exact', async () => {
    const longlong = [-(2n ** 63n), 15n].map((value) => mysql.int(value, 8));
    expect(await decodeColumn(mysql.wire.longlong, decimal(38, 3), longlong)).toEqual([
      '-9223372036854775808',
      '15',
    ]);
    expect(await refusal(mysql.wire.longlong, decimal(10, 8), mysql.int(100, 8))).toBe(unrepresentable);
    const doubles = [0.5, -(2 ** 53), 1234.75, -0].map(mysql.float8);
    expect(await decodeColumn(mysql.wire.double, decimal(20, 2), doubles)).toEqual([
      '0.5',
      '-9007199254740992',
      '1234.75',
      '0',
    ]);
    expect(await decodeColumn(mysql.wire.float, decimal(5, 3), [mysql.float4(0.125)])).toEqual(['0.125']);
    for (const value of [0.1, 0.125, 1e18, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(await refusal(mysql.wire.double, decimal(20, 2), mysql.float8(value)), String(value)).toBe(
        unrepresentable,
      );
    }
  });
});

describe('floats', () => {
  it('are doubles to the last bit', async () => {
    const values = [0.1, -0, 5e-324, 1.797_693_134_862_315_7e308, 123_456_789.123];
    expect(await decodeColumn(mysql.wire.double, { id: 'double' }, values.map(mysql.float8))).toEqual(values);
    expect(await decodeColumn(mysql.wire.float, { id: 'float' }, [mysql.float4(0.1), null])).toEqual([
      Math.fround(0.1),
      'NULL',
    ]);
  });

  it('come narrower, wider and as integers, where that is exact', async () => {
    expect(await decodeColumn(mysql.wire.float, { id: 'double' }, [mysql.float4(0.1)])).toEqual([
      Math.fround(0.1),
    ]);
    expect(await decodeColumn(mysql.wire.double, { id: 'float' }, [mysql.float8(-0.5)])).toEqual([-0.5]);
    expect(await refusal(mysql.wire.double, { id: 'float' }, mysql.float8(0.1))).toBe(unrepresentable);
    const odd = 2n ** 53n + 1n;
    expect(await decodeColumn(mysql.wire.longlong, { id: 'double' }, [mysql.int(-(odd - 1n), 8)])).toEqual([
      -(2 ** 53),
    ]);
    expect(await refusal(mysql.wire.longlong, { id: 'double' }, mysql.int(odd, 8))).toBe(unrepresentable);
    expect(await refusal(mysql.wire.unsignedLonglong, { id: 'double' }, mysql.int(2n ** 64n - 1n, 8))).toBe(
      unrepresentable,
    );
  });
});

describe('texts and bytes', () => {
  it('are of any length and script', async () => {
    const texts = [
      '',
      'é',
      '😀',
      'x'.repeat(250),
      'y'.repeat(251),
      'z'.repeat(0xffff),
      'w'.repeat(0x10000),
      "it's",
    ];
    expect(
      await decodeColumn(mysql.wire.varString, { id: 'varchar' }, [
        ...texts.map((text) => mysql.text(text)),
        null,
      ]),
    ).toEqual([...texts.map((text) => `'${text}'`), 'NULL']);
    expect(await decodeColumn(mysql.wire.blob, { id: 'blob' }, [mysql.text(Buffer.from([0, 255]))])).toEqual([
      "x'00ff'",
    ]);
    expect(await decodeColumn(mysql.wire.json, { id: 'json' }, [mysql.text('{"a": [1]}'), null])).toEqual([
      `'{"a": [1]}'`,
      'NULL',
    ]);
  });

  it('are UUIDs where they spell one', async () => {
    const uuid = '00112233-4455-6677-8899-aAbBcCdDeEfF';
    const columns = [{ name: 'v', type: { id: 'uuid' }, wire: mysql.wire.varString }] as const;
    const bytes = mysql.rowStream([[null], [mysql.text(uuid)]]);
    const hex = uuid.toLowerCase().replaceAll('-', '');
    expect((await mysqlToArrow(columns, [bytes])).rows).toEqual([['NULL'], [`x'${hex}'`]]);
    expect(await mysqlToDuckDB(columns, [bytes])).toEqual([['NULL'], [`'${uuid.toLowerCase()}'`]]);
    for (const text of [uuid.slice(1), uuid.replace('a', 'g'), uuid.replaceAll('-', '0'), '-'.repeat(36)]) {
      expect(await refusal(mysql.wire.varString, { id: 'uuid' }, mysql.text(text)), text).toBe(
        'SOURCE.CORRUPT_DATA',
      );
    }
  });
});

describe('columns', () => {
  it('that are only NULL are of any type', async () => {
    for (const id of [
      'boolean',
      'ubigint',
      'hugeint',
      'double',
      'varchar',
      'uuid',
      'date',
      'timestamp',
      'time',
      'interval',
    ] as const) {
      expect(await decodeColumn(mysql.wire.null, { id }, [null, null]), id).toEqual(['NULL', 'NULL']);
    }
  });

  it.each([
    ['varString', { id: 'integer' }],
    ['double', { id: 'bigint' }],
    ['decimal', { id: 'double' }],
    ['blob', { id: 'varchar' }],
    ['longlong', { id: 'varchar' }],
    ['varString', { id: 'date' }],
    ['time', { id: 'timestamp' }],
    ['date', { id: 'interval' }],
    ['long', { id: 'list', element: { id: 'integer' } }],
  ] as const)('that come as %s instead of %o are refused, not misread', async (name, type) => {
    const failing = decodeColumn(mysql.wire[name], type, [null]);
    await expect(failing).rejects.toMatchObject({ code: 'SOURCE.MISSING_OBJECT' });
    await expect(failing).rejects.toThrow(`for column v, not ${type.id}: shop.t has changed`);
  });
});

/** As MySQL writes a DECIMAL: with all its decimals. */
function fixed(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}${scale === 0 ? '' : `.${digits.slice(point)}`}`;
}

function shortest(unscaled: bigint, scale: number): string {
  return scale === 0 ? String(unscaled) : fixed(unscaled, scale).replace(/\.?0+$/, '');
}
