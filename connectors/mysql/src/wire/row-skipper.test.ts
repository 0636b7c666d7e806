import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowSkipper } from './row-skipper.js';

function packet(payload: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  return Buffer.concat([header, payload]);
}

const row = (size: number): Buffer => packet(Buffer.concat([Buffer.alloc(1), Buffer.alloc(size, 0xfe)]));
const eof = packet(Buffer.from([0xfe, 0, 0, 2, 0]));
const error = packet(Buffer.from('\xff#42000', 'latin1'));

/** What the driver gets of a stream in these pieces. */
function skip(pieces: readonly Uint8Array[]): Buffer {
  const skipper = new RowSkipper();
  let rest: Buffer | undefined;
  for (const piece of pieces) {
    if (rest !== undefined) {
      rest = Buffer.concat([rest, piece]);
      continue;
    }
    const found = skipper.push(piece);
    if (found !== undefined) rest = Buffer.from(found);
  }
  return rest ?? Buffer.alloc(0);
}

test.each([
  ['EOF', eof],
  ['an error', error],
])('rows are dropped up to %s, wherever the stream is cut', (_, end) => {
  const stream = Buffer.concat([row(300), row(0), row(70_000), row(5), end, row(3)]);
  const cuts = fc.array(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 20 });
  fc.assert(
    fc.property(cuts, (positions) => {
      const borders = [0, ...positions.toSorted((a, b) => a - b), stream.length];
      const pieces = borders.slice(1).map((border, index) => stream.subarray(borders[index], border));
      expect(skip(pieces)).toEqual(Buffer.concat([end, row(3)]));
    }),
  );
});

test.each([0, 1, 5])('the rest of a row that fills a packet is no end, of %d bytes', (size) => {
  const full = row(0xffffff - 1);
  const stream = Buffer.concat([full, full, packet(Buffer.alloc(size, 0xff)), row(1), eof]);
  expect(skip([stream])).toEqual(eof);
  const border = full.length + 3;
  expect(skip([stream.subarray(0, border), stream.subarray(border)])).toEqual(eof);
});
