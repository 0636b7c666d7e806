import { TributaryError } from '@tributary/contract';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as pg from '../../test/copy-bytes.js';
import { cut, decodeToArrow, decodeToDuckDB, feed } from '../../test/decode.js';
import { ArrowSink, createPgCopyDecoder, type PgCopyColumn } from '../index.js';

const columns: readonly PgCopyColumn[] = [
  { name: 'id', type: { id: 'integer' } },
  { name: 'name', type: { id: 'varchar' } },
  { name: 'price', type: { id: 'decimal', precision: 12, scale: 2 } },
  { name: 'tags', type: { id: 'list', element: { id: 'varchar' } } },
];

const fields = [
  [pg.int4(1), pg.text('é'), pg.numeric(123456n, 2), pg.array([pg.text('a'), null])],
  [null, pg.text(''), null, pg.array([])],
  [pg.int4(-3), null, pg.numeric(-5n, 2), null],
];
const expected = [
  ['1', "'é'", '1234.56', "['a', NULL]"],
  ['NULL', "''", 'NULL', '[]'],
  ['-3', 'NULL', '-0.05', 'NULL'],
];

describe('COPY stream', () => {
  const stream = pg.copyStream(fields);

  it('is decoded alike whichever byte it is cut at', async () => {
    const doneAt = stream.length - pg.afterwards.length;
    for (let at = 0; at < doneAt; at++) {
      const { rows } = await decodeToArrow(
        columns,
        [stream.subarray(0, at), stream.subarray(at)].filter(nonEmpty),
      );
      expect(rows, `cut at ${at}`).toEqual(expected);
    }
  });

  it.each([1, 2, 3, 5, 7, 64])('is decoded in chunks of %d bytes into either layout', async (size) => {
    const upToDone = stream.subarray(0, stream.length - pg.afterwards.length);
    expect((await decodeToArrow(columns, cut(upToDone, size))).rows).toEqual(expected);
    expect(await decodeToDuckDB(columns, cut(upToDone, size))).toEqual(expected);
  });

  it('gives what follows CopyDone back to the driver', async () => {
    const { rest } = await decodeToArrow(columns, [stream]);
    expect(rest).toEqual(new Uint8Array(pg.afterwards));
  });

  it('is decoded when rows are spread over messages at any byte', async () => {
    const payload = pg.copyPayload(fields);
    for (let size = 1; size <= payload.length; size++) {
      const messages = [...cut(payload, size)].map((piece) => pg.message('d', piece));
      const { rows } = await decodeToArrow(columns, cut(pg.streamOf(messages), 11_000));
      expect(rows, `messages of ${size}`).toEqual(expected);
    }
  });

  it('hands notices to the driver, also in the middle of a row', async () => {
    const payload = pg.copyPayload(fields);
    const messages = [...cut(payload, 10)].flatMap((piece) => [pg.message('d', piece), pg.notice]);
    const upToDone = pg.streamOf(messages).subarray(0, -pg.afterwards.length);
    for (const size of [1, 13, 10_000]) {
      const { rows, driverMessages } = await decodeToArrow(columns, cut(upToDone, size));
      expect(rows).toEqual(expected);
      expect(driverMessages).toEqual(
        messages.filter((each) => each === pg.notice).map((each) => new Uint8Array(each)),
      );
    }
  });

  it('is cut into batches of the size that the sink wants, across chunks', async () => {
    const many = Array.from({ length: 2500 }, (_, row) => [
      row % 3 === 0 ? null : pg.int4(row),
      pg.text('x'.repeat(row % 90)),
      row % 5 === 0 ? null : pg.numeric(BigInt(row), 2),
      pg.array(Array.from({ length: row % 4 }, (__, item) => pg.text(String(item)))),
    ]);
    const bytes = pg.copyStream(many);
    const whole = (await decodeToArrow(columns, [bytes])).rows;
    expect(whole).toHaveLength(2500);
    expect(whole[2498]).toEqual(['2498', `'${'x'.repeat(2498 % 90)}'`, '24.98', "['0', '1']"]);
    for (const maxRows of [50, 999, 1024, 2500]) {
      const upToDone = bytes.subarray(0, bytes.length - pg.afterwards.length);
      expect((await decodeToArrow(columns, cut(upToDone, 1000), maxRows)).rows).toEqual(whole);
      expect(await decodeToDuckDB(columns, [bytes], maxRows)).toEqual(whole);
    }
  });

  it('may be empty', async () => {
    expect((await decodeToArrow(columns, [pg.copyStream([])])).rows).toEqual([]);
    expect(await decodeToDuckDB(columns, [pg.copyStream([])])).toEqual([]);
  });

  it('hands an ErrorResponse to the driver and has no end', async () => {
    const error = pg.message('E', Buffer.from('SERROR\0'));
    const decoder = createPgCopyDecoder({ columns, sink: new ArrowSink(columns) });
    decoder.push(Buffer.concat([pg.copyOutResponse, error]));
    expect(decoder.rest).toEqual(new Uint8Array(error));
    await expect(decoder.end()).rejects.toMatchObject({ code: 'SOURCE.CORRUPT_DATA' });
  });

  const [first = []] = fields;
  const data = (...pieces: readonly Uint8Array[]): Buffer => pg.message('d', Buffer.concat(pieces));
  it.each([
    [
      'breaks off before CopyDone',
      stream.subarray(0, stream.length - pg.afterwards.length - 5),
      'breaks off',
    ],
    ['ends without the trailer', pg.streamOf([data(pg.copyPayload(fields).subarray(0, -2))]), 'breaks off'],
    ['ends inside a row', pg.streamOf([data(pg.copyPayload(fields).subarray(0, -9))]), 'breaks off'],
    ['has another signature', pg.streamOf([data(Buffer.alloc(30))]), 'signature'],
    ['has a row of another width', pg.copyStream([[pg.int4(1)]]), 'another number of fields'],
    [
      'goes on after the trailer',
      pg.streamOf([data(pg.copyPayload([first])), data(pg.tuple(first))]),
      'follow the end',
    ],
    ['has an unknown message', pg.streamOf([pg.message('Q', Buffer.alloc(4))]), 'unexpected message'],
    ['has a message of impossible length', Buffer.from('d\0\0\0\x01', 'latin1'), 'impossible length'],
    ['is in the text format', pg.message('H', Buffer.from([0, 0, 0])), 'not in the binary format'],
  ])('is refused where it %s', async (_, bytes, what) => {
    const failing = decodeToArrow(columns, [bytes]);
    await expect(failing).rejects.toMatchObject({ code: 'SOURCE.CORRUPT_DATA', sourceId: 'shop' });
    await expect(failing).rejects.toThrow(what);
  });

  it('ends in rows or in one of our errors, whatever bytes are damaged', async () => {
    const damage = fc.array(fc.tuple(fc.nat(stream.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(damage, fc.integer({ min: 1, max: 300 }), async (changes, size) => {
        const damaged = Buffer.from(stream.subarray(0, stream.length - pg.afterwards.length));
        for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
        const sink = new ArrowSink(columns, { maxQueued: Number.POSITIVE_INFINITY });
        const failure: unknown = await feed(createPgCopyDecoder({ columns, sink }), cut(damaged, size)).catch(
          (error: unknown) => error,
        );
        expect(failure === undefined || failure instanceof TributaryError).toBe(true);
      }),
      { numRuns: 600 },
    );
  });

  it('is refused where a row is larger than allowed', async () => {
    const decoder = createPgCopyDecoder({ columns, sink: new ArrowSink(columns), maxRowBytes: 50 });
    await expect(feed(decoder, [stream])).rejects.toMatchObject({ code: 'RESOURCE.MEMORY' });
  });
});

function nonEmpty(chunk: Uint8Array): boolean {
  return chunk.length > 0;
}
