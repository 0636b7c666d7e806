import type { ArrowColumnData, ParquetColumnData } from '../sink.js';
import type { PgCopyExports } from './wasm.js';

/** 32-bit words of `Column` in assembly/state.ts; the last four are addresses of a `Buffer`: its start and length. */
const words = { op: 0, child: 3, entries: 4, nulls: 5, bits: 7, data: 8, aux: 9, aux2: 10, end: 11 } as const;
/** `Op` in assembly/state.ts. */
const intervalOp = 8;
const listOp = 13;

type BufferName = 'bits' | 'data' | 'aux' | 'aux2';

interface ColumnView {
  word(name: keyof typeof words): number;
  bytes(name: BufferName): Uint8Array;
}

function columnView({ memory }: PgCopyExports, address: number): ColumnView {
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

export function arrowColumn(wasm: PgCopyExports, address: number): ArrowColumnData {
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

export function parquetColumn(wasm: PgCopyExports, address: number): ParquetColumnData {
  const column = columnView(wasm, address);
  const isList = column.word('op') === listOp;
  const values = isList ? columnView(wasm, column.word('child')) : column;
  const leaves =
    values.word('op') === intervalOp
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
