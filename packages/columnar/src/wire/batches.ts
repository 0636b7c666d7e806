import type { Column } from '../column-type.js';
import type { ColumnSink } from '../sink.js';
import { arrowColumn, parquetColumn } from './column-views.js';
import { faultError, type StreamOrigin } from './faults.js';
import { type DecoderExports, status } from './wasm.js';

interface BatchOptions extends StreamOrigin {
  readonly columns: readonly Column[];
  readonly sink: ColumnSink;
  /** Running totals of this stream, called once a batch. */
  readonly onProgress?: (rows: number, bytes: number) => void;
}

/** Carries chunks into a decoder's memory, and batches out of it. */
export class Batches {
  readonly #options: BatchOptions;
  readonly #wasm: DecoderExports;
  #memory: Uint8Array;
  #bytes = 0;

  constructor(wasm: DecoderExports, options: BatchOptions) {
    this.#options = options;
    this.#wasm = wasm;
    this.#memory = new Uint8Array(wasm.memory.buffer);
  }

  /** Bytes taken. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The memory's buffer changes its identity when the memory grows. */
  get memory(): Uint8Array {
    if (this.#memory.buffer !== this.#wasm.memory.buffer)
      this.#memory = new Uint8Array(this.#wasm.memory.buffer);
    return this.#memory;
  }

  /**
   * Parses a chunk and writes the batches that become full. `onOther` takes what is not a row, and says whether rows may follow.
   * Where a promise comes back, the sink wants a pause.
   */
  push(chunk: Uint8Array, onOther: () => boolean): Promise<void> | undefined {
    const wasm = this.#wasm;
    const address = wasm.reserve(chunk.length);
    this.memory.set(chunk, address);
    this.#bytes += chunk.length;

    let wait: Promise<void> | undefined;
    let state = wasm.run(chunk.length);
    while (state !== status.needsInput) {
      if (state === status.batchFull) {
        wait = this.#flush() ?? wait;
      } else if (state === status.otherMessage) {
        if (!onOther()) return wait;
      } else {
        throw this.#fault();
      }
      state = wasm.run(0);
    }
    return wait;
  }

  /** Writes the last batch. */
  async end(): Promise<void> {
    if (this.#wasm.batchRows.value > 0) await this.#flush();
  }

  #flush(): Promise<void> | undefined {
    const { sink, columns, onProgress } = this.#options;
    const wasm = this.#wasm;
    const rows = wasm.batchRows.value;
    const address = (index: number): number => wasm.columnAddress(index);
    const wait =
      sink.layout === 'arrow'
        ? sink.write({ rows, columns: columns.map((_, index) => arrowColumn(wasm, address(index))) })
        : sink.write({ rows, columns: columns.map((_, index) => parquetColumn(wasm, address(index))) });
    wasm.clearBatch();
    onProgress?.(wasm.totalRows.value, this.#bytes);
    return wait;
  }

  #fault(): Error {
    const { faultCode, faultColumn, faultRow } = this.#wasm;
    const place = { column: this.#options.columns[faultColumn.value], row: faultRow.value };
    return faultError(faultCode.value, place, this.#options);
  }
}
