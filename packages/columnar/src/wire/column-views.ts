import type { ArrowColumnData, ParquetColumnData } from '../sink.js';
import type { DecoderExports } from './wasm.js';

/** 32-bit words of `Column` in assembly/state.ts; the last four are addresses of a `Buffer`: its start and length. */
const words = {
  shape: 0,
  child: 4,
  entries: 5,
  nulls: 6,
  bits: 8,
  data: 9,
  aux: 10,
  aux2: 11,
  end: 12,
} as const;
/** `Shape` in assembly/state.ts. */
const shapes = { interval: 2, list: 3 } as const;

type BufferName = 'bits' | 'data' | 'aux' | 'aux2';

interface ColumnView {
  word(name: keyof typeof words): number;
  bytes(name: BufferName): Uint8Array;
}

function columnView({ memory }: DecoderExports, address: number): ColumnView {
  const view = new Uint32Array(memory.buffer, address, words.end);
  const word = (name: keyof typeof words): number => view[words[name]] ?? 0;
  return {
    word,
    bytes: (name) => {
      const [start, length] = new Uint32Array(memory.buffer, word(name), 2);
      return new Uint8Array(memory.buffer, start, length);
    },
  };
}

export function arrowColumn(wasm: DecoderExports, address: number): ArrowColumnData {
  const column = columnView(wasm, address);
  const child = column.word('child');
  return {
    length: column.word('entries'),
    nullCount: column.word('nulls'),
    validity: column.bytes('bits'),
    values: column.bytes('data'),
    offsets: column.bytes('aux'),
    ...(child === 0 ? {} : { child: arrowColumn(wasm, child) }),
  };
}

export function parquetColumn(wasm: DecoderExports, address: number): ParquetColumnData {
  const column = columnView(wasm, address);
  const isList = column.word('shape') === shapes.list;
  const values = isList ? columnView(wasm, column.word('child')) : column;
  const leaves =
    values.word('shape') === shapes.interval
      ? [values.bytes('data'), values.bytes('aux'), values.bytes('aux2')]
      : [values.bytes('data')];
  return {
    entries: column.word('entries'),
    nullCount: column.word('nulls'),
    levels: isList
      ? { kind: 'list', repetition: column.bytes('bits'), definition: column.bytes('aux') }
      : { kind: 'flat', validity: column.bytes('bits') },
    leaves,
  };
}
