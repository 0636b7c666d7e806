import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeColumn, mysqlToArrow, refusal } from '../../test/decode-mysql.js';
import * as mysql from '../../test/mysql-bytes.js';

const unrepresentable = 'SOURCE.UNREPRESENTABLE_VALUE';

describe('dates and times', () => {
  it('are dates of every year, by every length', async () => {
    const dates = [
      '0001-01-01',
      '1582-10-10',
      '1969-12-31',
      '1970-01-01',
      '1999-03-01',
      '2000-02-29',
      '2024-02-29',
      '9999-12-31',
    ];
    const expected = dates.map(dateCell);
    expect(
      await decodeColumn(
        mysql.wire.date,
        { id: 'date' },
        dates.map((date) => mysql.date(date)),
      ),
    ).toEqual(expected);
    const long = dates.map((date) => mysql.date(date, 11));
    expect(await decodeColumn(mysql.wire.datetime, { id: 'date' }, long)).toEqual(expected);
    expect(await refusal(mysql.wire.datetime, { id: 'date' }, mysql.date('2020-01-01 00:00:01'))).toBe(
      unrepresentable,
    );
  });

  it('agree with the calendar of JavaScript', async () => {
    const days = fc.integer({ min: -719_162, max: 2_932_896 });
    await fc.assert(
      fc.asyncProperty(fc.array(days, { minLength: 1, maxLength: 50 }), async (numbers) => {
        const dates = numbers.map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
        const columns = [{ name: 'v', type: { id: 'date' }, wire: mysql.wire.date }] as const;
        const { rows } = await mysqlToArrow(columns, [
          mysql.rowStream(dates.map((date) => [mysql.date(date)])),
        ]);
        expect(rows).toEqual(dates.map((date) => [dateCell(date)]));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['timestamp', 'datetime'],
    ['timestamptz', 'timestamp'],
  ] as const)('are a %s to the microsecond', async (id, name) => {
    const points = [
      '1000-01-01 00:00:00',
      '1969-12-31 23:59:59.999999',
      '2038-01-19 03:14:07',
      '9999-12-31 23:59:59.999999',
    ];
    const fields = [...points.map((point) => mysql.date(point)), mysql.date('2020-05-05'), null];
    expect(await decodeColumn(mysql.wire[name], { id }, fields)).toEqual([
      ...points.map((point) => `${id} ${point}`),
      `${id} 2020-05-05 00:00:00`,
      'NULL',
    ]);
  });

  const none = [
    mysql.date('0000-00-00'),
    mysql.date('2020-00-00'),
    mysql.date('2020-05-00'),
    mysql.date('0000-00-00 01:02:03'),
  ];

  it.each(['date', 'timestamp'] as const)(
    'without a month or day are an error, or NULL where asked for (%s)',
    async (id) => {
      const name = id === 'date' ? 'date' : 'datetime';
      for (const field of none) expect(await refusal(mysql.wire[name], { id }, field)).toBe(unrepresentable);
      const fields = [mysql.date('2020-01-01'), ...none, null, mysql.date('2020-01-02')];
      const cells = await decodeColumn(mysql.wire[name], { id }, fields, { zeroDates: 'null' });
      expect(cells.map((cell) => cell === 'NULL')).toEqual([false, true, true, true, true, true, false]);
    },
  );

  it('that no calendar has are an error in any case', async () => {
    for (const text of ['2023-02-29', '1900-02-29', '2020-04-31', '2020-13-01', '2020-01-32']) {
      const failing = decodeColumn(mysql.wire.date, { id: 'date' }, [null, mysql.date(text)], {
        zeroDates: 'null',
      });
      await expect(failing, text).rejects.toMatchObject({ code: unrepresentable });
      await expect(failing, text).rejects.toThrow('column v, row 2');
    }
  });

  const hour = 3_600_000_000n;
  it('are spans of time, beyond a day and below zero', async () => {
    const spans = [0n, 1n, -1n, 24n * hour, 838n * hour + 3_599_000_000n, -838n * hour];
    expect(await decodeColumn(mysql.wire.time, { id: 'interval' }, [...spans.map(mysql.time), null])).toEqual(
      [...spans.map((span) => `interval 0 months 0 days ${span * 1000n} ns`), 'NULL'],
    );
  });

  it('are times of a day, and nothing else', async () => {
    const fields = [mysql.time(0n), null, mysql.time(24n * hour - 1n)];
    expect(await decodeColumn(mysql.wire.time, { id: 'time' }, fields)).toEqual([
      'time 00:00:00',
      'NULL',
      'time 23:59:59.999999',
    ]);
    for (const span of [24n * hour, -1n])
      expect(await refusal(mysql.wire.time, { id: 'time' }, mysql.time(span))).toBe(unrepresentable);
  });
});

/** Cells do not pad years. */
function dateCell(date: string): string {
  return `date ${date.replace(/^0+/, '')}`;
}
