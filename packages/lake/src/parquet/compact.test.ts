import * as fc from 'fast-check';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';
import { expect, test } from 'vitest';
import { cursorOver, readBinary, readFields, readInteger, readStructs, skip, wire } from './compact.js';

function written(struct: Readonly<Record<string, unknown>>): Uint8Array {
  const writer = new ByteWriter();
  serializeTCompactProtocol(writer, struct);
  return writer.getBytes();
}

const { tree } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.boolean(),
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.uint8Array(),
    fc.constant(0.5),
    fc.array(fc.boolean(), { maxLength: 20 }),
    fc.array(fc.integer(), { maxLength: 20 }),
    tie('tree'),
    fc.array(tie('tree'), { maxLength: 17 }),
  ),
  tree: fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), tie('value')), { maxLength: 6 }).map((fields) => {
    let id = 0;
    return Object.fromEntries(fields.map(([step, value]) => [`field_${(id += step)}`, value]));
  }),
}));

test('what is skipped is skipped whole, whatever is in it', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const bytes = written({ field_1: value, field_2: 7 });
      const cursor = cursorOver(bytes);
      let last: number | undefined;
      readFields(cursor, (field, type) => {
        if (field === 2) last = readInteger(cursor);
        else skip(cursor, type);
      });
      expect([last, cursor.offset]).toEqual([7, bytes.length]);
    }),
  );
});

test.each([0n, -1n, 63n, -64n, 64n, 2n ** 31n, -(2n ** 31n), 2n ** 52n, -(2n ** 52n)])(
  'the integer %s',
  (value) => {
    const cursor = cursorOver(written({ field_1: value }));
    readFields(cursor, () => {
      expect(readInteger(cursor)).toBe(Number(value));
    });
  },
);

test.each([
  ['a text', { field_1: new Uint8Array(300) }, readBinary],
  [
    'a list of structs',
    { field_1: Array.from({ length: 99 }, () => ({ field_1: 1 })) },
    (cursor: ReturnType<typeof cursorOver>) =>
      readStructs(cursor, () => readFields(cursor, (_, type) => skip(cursor, type))),
  ],
])('%s that is cut short is an error', (_, struct, read) => {
  const bytes = written(struct);
  const cursor = cursorOver(bytes.subarray(0, bytes.length / 2));
  expect(() => readFields(cursor, () => read(cursor))).toThrow();
});

const readAny = (cursor: ReturnType<typeof cursorOver>, type: number): unknown =>
  type === wire.binary ? readBinary(cursor) : readInteger(cursor);

test.each([
  ['an integer', wire.i64, 'skipped', skip],
  ['an integer', wire.i64, 'read', readAny],
  ['the length of a text', wire.binary, 'skipped', skip],
  ['the length of a text', wire.binary, 'read', readAny],
])('%s that goes on and on is an error: %i, %s', (_what, type, _how, read) => {
  const bytes = new Uint8Array(300).fill(0x80, 0, 297);
  bytes[0] = 0x10 + type;
  const cursor = cursorOver(bytes);
  expect(() => readFields(cursor, (_field, found) => read(cursor, found))).toThrow('more than 64 bits');
});

test('a text that is longer than all there is is an error, skipped or read', () => {
  // 2^63
  const bytes = new Uint8Array([0x18, ...Array<number>(9).fill(0x80), 1, 0, 0]);
  for (const read of [skip, readAny]) {
    const cursor = cursorOver(bytes);
    expect(() => readFields(cursor, (_, type) => read(cursor, type))).toThrow('past the end');
  }
});

test('a list of numbers is none of structs', () => {
  const cursor = cursorOver(written({ field_1: [1, 2] }));
  expect(() =>
    readFields(cursor, (_, type) => {
      expect(type).toBe(wire.list);
      readStructs(cursor, () => undefined);
    }),
  ).toThrow('a list of other things than structs');
});
