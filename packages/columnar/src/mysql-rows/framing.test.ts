import { TributaryError } from '@tributary/contract';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut } from '../../test/decode.js';
import {
  type DecodedColumn,
  feedMysql,
  mysqlDecoder,
  mysqlToArrow,
  mysqlToDuckDB,
} from '../../test/decode-mysql.js';
import * as mysql from '../../test/mysql-bytes.js';
import { ArrowSink } from '../index.js';

const columns: readonly DecodedColumn[] = [
  { name: 'id', type: { id: 'integer' }, wire: mysql.wire.long },
  { name: 'name', type: { id: 'varchar' }, wire: mysql.wire.varString },
  { name: 'price', type: { id: 'decimal', precision: 12, scale: 2 }, wire: mysql.wire.decimal },
  { name: 'sold', type: { id: 'timestamp' }, wire: mysql.wire.datetime },
  { name: 'nothing', type: { id: 'bigint' }, wire: mysql.wire.null },
  { name: 'flag', type: { id: 'boolean' }, wire: mysql.wire.longlong },
  // The ninth column's bit of the bitmap is in its second byte.
  { name: 'seventh', type: { id: 'tinyint' }, wire: mysql.wire.tiny },
  { name: 'eighth', type: { id: 'blob' }, wire: mysql.wire.blob },
];

const fields = [
  [
    mysql.int(1, 4),
    mysql.text('é'),
    mysql.text('1234.56'),
    mysql.date('2024-02-29 23:59:59.000001'),
    null,
    mysql.int(1, 8),
    mysql.int(-1, 1),
    mysql.text(Buffer.from([0xfe])),
  ],
  [null, mysql.text(''), null, mysql.date('1970-01-01'), null, mysql.int(0, 8), null, null],
  [mysql.int(-3, 4), null, mysql.text('-0.05'), null, null, null, mysql.int(7, 1), mysql.text('')],
];
const expected = [
  ['1', "'é'", '1234.56', 'timestamp 2024-02-29 23:59:59.000001', 'NULL', 'true', '-1', "x'fe'"],
  ['NULL', "''", 'NULL', 'timestamp 1970-01-01 00:00:00', 'NULL', 'false', 'NULL', 'NULL'],
  ['-3', 'NULL', '-0.05', 'NULL', 'NULL', 'NULL', '7', "x''"],
];

describe('rows of the binary protocol', () => {
  const stream = mysql.rowStream(fields);

  it('are decoded alike whichever byte the stream is cut at', async () => {
    for (let at = 1; at < stream.length - mysql.eof.length + 5; at++) {
      const { rows } = await mysqlToArrow(columns, [stream.subarray(0, at), stream.subarray(at)]);
      expect(rows, `cut at ${at}`).toEqual(expected);
    }
  });

  it.each([1, 2, 3, 5, 7, 64])('are decoded in chunks of %d bytes into either layout', async (size) => {
    const upToType = stream.subarray(0, stream.length - 4);
    expect((await mysqlToArrow(columns, cut(upToType, size))).rows).toEqual(expected);
    expect(await mysqlToDuckDB(columns, cut(upToType, size))).toEqual(expected);
  });

  it.each([
    ['EOF', mysql.eof],
    ['an error', mysql.err],
    ['EOF and what follows', Buffer.concat([mysql.eof, Buffer.from('more')])],
  ])('end with %s, which is for the driver', async (_, end) => {
    const { rows, rest } = await mysqlToArrow(columns, [mysql.rowStream(fields, end)]);
    expect(rows).toEqual(expected);
    expect(rest).toEqual(new Uint8Array(end));
  });

  it('are cut into batches of the size that the sink wants, across chunks', async () => {
    const some = columns.slice(0, 3);
    const many = Array.from({ length: 2500 }, (_, row) => [
      row % 3 === 0 ? null : mysql.int(row, 4),
      mysql.text('x'.repeat(row % 300)),
      row % 5 === 0 ? null : mysql.text((row / 100).toFixed(2)),
    ]);
    const bytes = mysql.rowStream(many);
    const whole = (await mysqlToArrow(some, [bytes])).rows;
    expect(whole).toHaveLength(2500);
    expect(whole[2498]).toEqual(['2498', `'${'x'.repeat(2498 % 300)}'`, '24.98']);
    const upToType = bytes.subarray(0, bytes.length - 4);
    for (const maxRows of [50, 999, 1024, 2500]) {
      expect((await mysqlToArrow(some, cut(upToType, 1000), maxRows)).rows).toEqual(whole);
      expect(await mysqlToDuckDB(some, [bytes], maxRows)).toEqual(whole);
    }
  });

  it('may be none', async () => {
    expect((await mysqlToArrow(columns, [mysql.eof])).rows).toEqual([]);
    expect(await mysqlToDuckDB(columns, [mysql.eof])).toEqual([]);
  });

  const one: readonly DecodedColumn[] = [{ name: 'v', type: { id: 'blob' }, wire: mysql.wire.blob }];
  const overhead = 2 + 4;

  it.each([0xffffff - 1, 0xffffff, 0xffffff + 1, 2 * 0xffffff, 2 * 0xffffff + 5])(
    'of %d bytes come in as many packets as they need',
    async (size) => {
      const value = Buffer.alloc(size - overhead, 'abcdefg');
      // A length of 16 MiB and more takes nine bytes instead of four.
      const large = size - overhead >= 0x1000000 ? value.subarray(5) : value;
      const bytes = mysql.rowStream([[mysql.text('before')], [mysql.text(large)], [mysql.text('after')]]);
      const values: Uint8Array[] = [];
      const sink = new ArrowSink(one, { maxQueued: Number.POSITIVE_INFINITY });
      await feedMysql(mysqlDecoder(one, sink), cut(bytes, 1_000_003));
      sink.end();
      for await (const batch of sink) values.push(...batch.getChildAt(0)?.toArray());
      expect(values.map(({ length }) => length)).toEqual([6, large.length, 5]);
      expect(Buffer.compare(values[1] ?? new Uint8Array(), large)).toBe(0);
    },
  );

  it.each([
    ['breaks off inside a row', stream.subarray(0, 20), 'breaks off'],
    ['breaks off before the end', stream.subarray(0, -mysql.eof.length), 'breaks off'],
    [
      'has a row with a field too many',
      mysql.rowStream([[...(fields[0] ?? []), mysql.int(1, 1)]]),
      'number of fields',
    ],
    ['has a row with a field too few', mysql.rowStream([(fields[0] ?? []).slice(0, -1)]), 'number of fields'],
    [
      'has a value in a column that has none',
      mysql.rowStream([fields[0]?.with(4, mysql.int(1, 8)) ?? []]),
      'number of fields',
    ],
    ['has an empty packet', Buffer.concat([mysql.packet(Buffer.alloc(0)), stream]), 'impossible length'],
    ['has an unknown packet', mysql.packet(Buffer.from([7, 7])), 'unexpected packet of type 7'],
  ])('are refused where the stream %s', async (_, bytes, what) => {
    const failing = mysqlToArrow(columns, [bytes]);
    await expect(failing).rejects.toMatchObject({ code: 'SOURCE.CORRUPT_DATA', sourceId: 'shop' });
    await expect(failing).rejects.toThrow(what);
  });

  it('end in values or in one of our errors, whatever bytes are damaged', async () => {
    const damage = fc.array(fc.tuple(fc.nat(stream.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(damage, fc.integer({ min: 1, max: 300 }), async (changes, size) => {
        const damaged = Buffer.from(stream);
        for (const [at, byte] of changes) damaged[at] = byte;
        const sink = new ArrowSink(columns, { maxQueued: Number.POSITIVE_INFINITY });
        const failure: unknown = await feedMysql(mysqlDecoder(columns, sink), cut(damaged, size)).catch(
          (error: unknown) => error,
        );
        expect(failure === undefined || failure instanceof TributaryError).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it('are refused where one is larger than allowed, in one packet or in several', async () => {
    for (const [size, limit] of [
      [100, 50],
      [0xffffff + 10, 0xffffff + 5],
    ] as const) {
      const decoder = mysqlDecoder(one, new ArrowSink(one), limit);
      await expect(
        feedMysql(decoder, [mysql.rowStream([[mysql.text(Buffer.alloc(size))]])]),
      ).rejects.toMatchObject({ code: 'RESOURCE.MEMORY' });
    }
  });
});
