import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowSkipper } from './row-skipper.js';

function message(type: string, body: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, Buffer.from(body)]);
}

test('rows are dropped and everything else is kept, wherever the stream is cut', () => {
  const stream = Buffer.concat([
    message('D', 'x'.repeat(300)),
    message('N', 'notice'),
    message('D', ''),
    message('S', 'setting'),
    message('D', 'y'),
    message('C', 'SELECT 3'),
    message('Z', 'I'),
  ]);
  const cuts = fc.array(fc.integer({ min: 1, max: stream.length - 1 }), { maxLength: 20 });
  fc.assert(
    fc.property(cuts, (positions) => {
      const kept: Uint8Array[] = [];
      const skipper = new RowSkipper((each) => kept.push(Buffer.from(each)));
      const borders = [0, ...positions.toSorted((a, b) => a - b), stream.length];
      let rest: Uint8Array | undefined;
      for (const [i, from] of borders.entries()) {
        const chunk = stream.subarray(from, borders[i + 1] ?? stream.length);
        if (rest === undefined) rest = skipper.push(chunk);
        else rest = Buffer.concat([rest, chunk]);
      }
      expect(Buffer.concat(kept)).toEqual(Buffer.concat([message('N', 'notice'), message('S', 'setting')]));
      expect(Buffer.from(rest ?? [])).toEqual(Buffer.concat([message('C', 'SELECT 3'), message('Z', 'I')]));
    }),
  );
});
