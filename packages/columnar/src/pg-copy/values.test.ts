import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as pg from '../../test/copy-bytes.js';
import { cut, decodeToArrow, decodeToDuckDB } from '../../test/decode.js';
import type { ColumnType, PgCopyColumn } from '../index.js';

/** One column of these fields, decoded through both layouts; both must agree. */
async function decodeColumn(
  type: ColumnType,
  fields: readonly pg.Field[],
  encoding?: PgCopyColumn['encoding'],
): Promise<readonly unknown[]> {
  const columns = [{ name: 'v', type, ...(encoding === undefined ? {} : { encoding }) }];
  const bytes = pg.copyStream(fields.map((field) => [field]));
  const { rows } = await decodeToArrow(columns, [bytes], 7);
  expect(await decodeToDuckDB(columns, [bytes], 5)).toEqual(rows);
  return rows.map(([cell]) => cell);
}

const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<readonly (T | null)[]> =>
  fc.array(fc.option(values, { freq: 4 }), { maxLength: 40 });

describe('numeric', () => {
  const decimals = fc
    .record({
      precision: fc.integer({ min: 1, max: 38 }),
      scaleShare: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ precision, scaleShare }) => ({ precision, scale: Math.round(precision * scaleShare) }))
    .chain(({ precision, scale }) => {
      const limit = 10n ** BigInt(precision) - 1n;
      const small = fc
        .bigInt({ min: -20_000n, max: 20_000n })
        .map((value) => (value > limit || value < -limit ? 0n : value));
      return orNull(
        fc.oneof(fc.bigInt({ min: -limit, max: limit }), small, fc.constantFrom(limit, -limit, 0n)),
      ).map((values) => ({ precision, scale, values }));
    });

  it('is exactly the integer that its digits spell, at every precision and scale', async () => {
    await fc.assert(
      fc.asyncProperty(decimals, async ({ precision, scale, values }) => {
        const columns = [{ name: 'v', type: { id: 'decimal', precision, scale } } as const];
        const fields = values.map((value) => [value === null ? null : pg.numeric(value, scale)]);
        const { rows } = await decodeToArrow(columns, [pg.copyStream(fields)]);
        expect(rows).toEqual(values.map((value) => [value === null ? 'NULL' : decimalText(value, scale)]));
      }),
      { numRuns: 300 },
    );
  });

  it('is read by DuckDB as that number, in each of the three widths', async () => {
    for (const [precision, scale] of [
      [9, 4],
      [18, 3],
      [38, 10],
      [38, 38],
      [19, 0],
    ] as const) {
      const limit = 10n ** BigInt(precision) - 1n;
      const values = [0n, 1n, -1n, 9_999n, 10_000n, -10_001n, limit, -limit];
      const cells = await decodeColumn(
        { id: 'decimal', precision, scale },
        values.map((value) => pg.numeric(value, scale)),
      );
      expect(cells).toEqual(values.map((value) => decimalText(value, scale)));
    }
  });

  it('is read whatever scale it was written with', async () => {
    const fields = [pg.numeric(15n, 1), pg.numeric(1_500_000n, 6), pg.numeric(2n, 0)];
    expect(await decodeColumn({ id: 'decimal', precision: 10, scale: 2 }, fields)).toEqual([
      '1.5',
      '1.5',
      '2',
    ]);
  });

  it('is a hugeint where DuckDB has one', async () => {
    const most = 10n ** 38n - 1n;
    expect(await decodeColumn({ id: 'hugeint' }, [pg.numeric(most, 0), null])).toEqual([
      String(most),
      'NULL',
    ]);
  });

  it.each([
    ['NaN', pg.specialNumeric('nan'), 'NaN and infinity'],
    ['Infinity', pg.specialNumeric('infinity'), 'NaN and infinity'],
    ['-Infinity', pg.specialNumeric('-infinity'), 'NaN and infinity'],
    ['one digit too many', pg.numeric(10n ** 10n, 2), 'more digits'],
    ['far too many digits', pg.numeric(10n ** 200n, 2), 'more digits'],
    ['one decimal too many', pg.numeric(1_001n, 3), 'more decimals'],
    ['only decimals beyond the scale', pg.numeric(1n, 30), 'more decimals'],
  ])('refuses %s, and names column and row', async (_, field, what) => {
    const columns = [
      { name: 'id', type: { id: 'integer' } },
      { name: 'price', type: { id: 'decimal', precision: 10, scale: 2 } },
    ] as const;
    const good = [pg.int4(1), pg.numeric(1n, 2)];
    const rows = [...Array.from({ length: 1500 }, () => good), [pg.int4(2), null], [pg.int4(3), field], good];
    for (const decode of [decodeToArrow, decodeToDuckDB]) {
      const failing = decode(columns, [pg.copyStream(rows)]);
      await expect(failing).rejects.toMatchObject({
        code: 'SOURCE.UNREPRESENTABLE_VALUE',
        object: 'public.t',
      });
      await expect(failing).rejects.toThrow(`column price, row 1502`);
      await expect(failing).rejects.toThrow(what);
    }
  });
});

describe('other values', () => {
  const type = (id: 'smallint' | 'integer' | 'bigint' | 'uinteger' | 'double' | 'varchar' | 'blob') =>
    ({ id }) as const;

  it('are integers and floats', async () => {
    expect(await decodeColumn(type('smallint'), [pg.int2(-32_768), null, pg.int2(32_767)])).toEqual([
      '-32768',
      'NULL',
      '32767',
    ]);
    expect(await decodeColumn(type('integer'), [pg.int4(-(2 ** 31)), pg.int4(2 ** 31 - 1)])).toEqual([
      '-2147483648',
      '2147483647',
    ]);
    expect(await decodeColumn(type('uinteger'), [pg.int4(-1), null])).toEqual(['4294967295', 'NULL']);
    expect(await decodeColumn(type('bigint'), [pg.int8(-(2n ** 63n)), pg.int8(2n ** 63n - 1n)])).toEqual([
      '-9223372036854775808',
      '9223372036854775807',
    ]);
    const doubles = [0.1, -0, Number.NaN, Infinity, -Infinity, 5e-324];
    expect(await decodeColumn(type('double'), doubles.map(pg.float8))).toEqual(doubles);
  });

  it('are booleans, with and without NULLs', async () => {
    await fc.assert(
      fc.asyncProperty(orNull(fc.boolean()), async (values) => {
        const fields = values.map((value) => [value === null ? null : pg.bool(value)]);
        const columns = [{ name: 'v', type: { id: 'boolean' } }] as const;
        const { rows } = await decodeToArrow(columns, [pg.copyStream(fields)], 11);
        expect(rows).toEqual(values.map((value) => [value === null ? 'NULL' : String(value)]));
      }),
    );
    expect(await decodeColumn({ id: 'boolean' }, [pg.bool(true), null, pg.bool(false)])).toEqual([
      'true',
      'NULL',
      'false',
    ]);
  });

  it('are texts of any length and script', async () => {
    const texts = orNull(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 60, maxLength: 300 })),
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 90 }), async (values, size) => {
        const columns = [{ name: 'v', type: { id: 'varchar' } }] as const;
        const stream = pg.copyStream(values.map((value) => [value === null ? null : pg.text(value)]));
        const upToDone = stream.subarray(0, stream.length - pg.afterwards.length);
        const { rows } = await decodeToArrow(columns, cut(upToDone, size));
        expect(rows).toEqual(values.map((value) => [value === null ? 'NULL' : `'${value}'`]));
      }),
    );
    expect(
      await decodeColumn(type('varchar'), ['', 'Ünïcode 👍', "it's %_", 'x'.repeat(100_000)].map(pg.text)),
    ).toEqual(["''", "'Ünïcode 👍'", "'it's %_'", `'${'x'.repeat(100_000)}'`]);
  });

  it('are binaries, jsonb without its version, and "char" as its text', async () => {
    expect(await decodeColumn(type('blob'), [Buffer.from([0, 255]), null, Buffer.alloc(0)])).toEqual([
      "x'00ff'",
      'NULL',
      "x''",
    ]);
    const jsonb = Buffer.concat([Buffer.from([1]), pg.text('{"a": 1}')]);
    expect(await decodeColumn({ id: 'json' }, [jsonb, null], 'jsonb')).toEqual([`'{"a": 1}'`, 'NULL']);
    const chars = [Buffer.from('a'), Buffer.from([0]), null, Buffer.from([0xe9])];
    expect(await decodeColumn(type('varchar'), chars, 'char')).toEqual(["'a'", "''", 'NULL', "'\\351'"]);
  });

  it('are uuids', async () => {
    const bytes = Buffer.from('123e4567e89b12d3a456426614174000', 'hex');
    const columns = [{ name: 'v', type: { id: 'uuid' } }] as const;
    const stream = pg.copyStream([[bytes], [null]]);
    expect((await decodeToArrow(columns, [stream])).rows).toEqual([
      ["x'123e4567e89b12d3a456426614174000'"],
      ['NULL'],
    ]);
    expect(await decodeToDuckDB(columns, [stream])).toEqual([
      ["'123e4567-e89b-12d3-a456-426614174000'"],
      ['NULL'],
    ]);
  });

  it('are dates from end to end of PostgreSQL, with the infinities of DuckDB', async () => {
    const days = [0, -1, -730_119, 2_921_939, -2_451_545, 2_145_031_948];
    const fields = [...days.map(pg.int4), null];
    const columns = [{ name: 'v', type: { id: 'date' } }] as const;
    expect(
      (await decodeToArrow(columns, [pg.copyStream(fields.map((field) => [field]))])).rows.slice(0, 4),
    ).toEqual([['date 2000-01-01'], ['date 1999-12-31'], ['date 1-01-01'], ['date 9999-12-31']]);
    const infinities = [[pg.int4(2 ** 31 - 1)], [pg.int4(-(2 ** 31))]];
    expect(await sqlOf('date', infinities)).toEqual(['infinity', '-infinity']);
    expect(
      await sqlOf(
        'date',
        fields.slice(4, 6).map((field) => [field]),
      ),
    ).toEqual(['4714-11-24 (BC)', '5874897-12-31']);
  });

  it('are timestamps, exact to the microsecond', async () => {
    const micros = fc.bigInt({
      min: -211_813_488_000_000_000n,
      max: 9_214_646_400_000_000_000n - 946_684_800_000_000n,
    });
    await fc.assert(
      fc.asyncProperty(orNull(micros), async (values) => {
        const columns = [{ name: 'v', type: { id: 'timestamp' } }] as const;
        const stream = pg.copyStream(values.map((value) => [value === null ? null : pg.int8(value)]));
        expect(await decodeToDuckDB(columns, [stream], 9, 'epoch_us(v)')).toEqual(
          values.map((value) => [value === null ? 'NULL' : String(value + 946_684_800_000_000n)]),
        );
      }),
      { numRuns: 30 },
    );
    expect(
      await sqlOf('timestamp', [[pg.int8(2n ** 63n - 1n)], [pg.int8(-(2n ** 63n))], [pg.int8(-1n)]]),
    ).toEqual(['infinity', '-infinity', '1999-12-31 23:59:59.999999']);
    const tooLate = pg.copyStream([[pg.int8(2n ** 63n - 2n)]]);
    await expect(
      decodeToArrow([{ name: 'v', type: { id: 'timestamptz' } }], [tooLate]),
    ).rejects.toMatchObject({
      code: 'SOURCE.UNREPRESENTABLE_VALUE',
    });
  });

  it('are intervals in all their three parts', async () => {
    const interval = (micros: bigint, days: number, months: number): Buffer =>
      Buffer.concat([pg.int8(micros), pg.int4(days), pg.int4(months)]);
    const fields = [interval(1n, -2, 14), null, interval(-86_400_000_001n, 400, -1)];
    expect(await decodeColumn({ id: 'interval' }, fields)).toEqual([
      'interval 14 months -2 days 1000 ns',
      'NULL',
      'interval -1 months 400 days -86400000001000 ns',
    ]);
    const infinite = interval(2n ** 63n - 1n, 2 ** 31 - 1, 2 ** 31 - 1);
    await expect(decodeColumn({ id: 'interval' }, [infinite])).rejects.toMatchObject({
      code: 'SOURCE.UNREPRESENTABLE_VALUE',
    });
  });

  it('are times to the last microsecond of the day, and 24:00', async () => {
    expect(await decodeColumn({ id: 'time' }, [pg.int8(0n), pg.int8(86_399_999_999n)])).toEqual([
      'time 00:00:00',
      'time 23:59:59.999999',
    ]);
    expect(await sqlOf('time', [[pg.int8(86_400_000_000n)]])).toEqual(['24:00:00']);
  });

  it('are refused where a field has the wrong length', async () => {
    for (const id of [
      'boolean',
      'smallint',
      'integer',
      'bigint',
      'uuid',
      'date',
      'timestamp',
      'interval',
    ] as const) {
      const failing = decodeColumn({ id }, [Buffer.alloc(3)]);
      await expect(failing, id).rejects.toMatchObject({ code: 'SOURCE.CORRUPT_DATA' });
    }
  });

  /** The value as DuckDB prints it, out of a spool file. */
  async function sqlOf(
    id: 'date' | 'time' | 'timestamp',
    rows: readonly (readonly pg.Field[])[],
  ): Promise<readonly string[]> {
    const printed = await decodeToDuckDB(
      [{ name: 'v', type: { id } }],
      [pg.copyStream(rows)],
      undefined,
      'v::VARCHAR',
    );
    return printed.map(([cell]) => String(cell).slice(1, -1));
  }
});

describe('arrays', () => {
  it('are lists, with NULL lists, empty lists and NULL elements', async () => {
    const lists = orNull(fc.array(fc.option(fc.integer(), { freq: 3 }), { maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(lists, async (values) => {
        const fields = values.map((list) =>
          list === null ? null : pg.array(list.map((item) => (item === null ? null : pg.int4(item)))),
        );
        expect(await decodeColumn({ id: 'list', element: { id: 'integer' } }, fields)).toEqual(
          values.map((list) =>
            list === null ? 'NULL' : `[${list.map((item) => item ?? 'NULL').join(', ')}]`,
          ),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('have elements of every kind', async () => {
    const interval = Buffer.concat([pg.int8(5n), pg.int4(0), pg.int4(1)]);
    expect(
      await decodeColumn({ id: 'list', element: { id: 'interval' } }, [pg.array([interval, null])]),
    ).toEqual(['[interval 1 months 0 days 5000 ns, NULL]']);
    expect(
      await decodeColumn({ id: 'list', element: { id: 'decimal', precision: 30, scale: 2 } }, [
        pg.array([pg.numeric(-150n, 2)]),
      ]),
    ).toEqual(['[-1.5]']);
    expect(
      await decodeColumn({ id: 'list', element: { id: 'boolean' } }, [
        pg.array([pg.bool(true), null, pg.bool(false)]),
      ]),
    ).toEqual(['[true, NULL, false]']);
  });

  it('of several dimensions, or cut short, are refused', async () => {
    const matrix = Buffer.concat([2, 0, 23, 1, 1, 1, 1].map(pg.int4));
    const list = { id: 'list', element: { id: 'integer' } } as const;
    await expect(decodeColumn(list, [matrix])).rejects.toMatchObject({
      code: 'SOURCE.UNREPRESENTABLE_VALUE',
    });
    const short = pg.array([pg.int4(1), pg.int4(2)]).subarray(0, -3);
    await expect(decodeColumn(list, [short])).rejects.toMatchObject({ code: 'SOURCE.CORRUPT_DATA' });
    const nan = pg.array([pg.numeric(1n, 0), pg.specialNumeric('nan')]);
    await expect(
      decodeColumn({ id: 'list', element: { id: 'decimal', precision: 5, scale: 0 } }, [
        null,
        pg.array([]),
        nan,
      ]),
    ).rejects.toThrow('column v, row 3');
  });
});

function decimalText(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, digits.length - scale)}${fraction === '' ? '' : `.${fraction}`}`;
}
