import type { ColumnSink } from '../sink.js';
import { Batches } from '../wire/batches.js';
import { streamError, type StreamOrigin } from '../wire/faults.js';
import { columnProgram, type PgCopyColumn } from './program.js';
import { type PgCopyExports, pgCopyInstances } from './wasm.js';

export interface PgCopyDecoderOptions extends StreamOrigin {
  /** The columns of the COPY, in its order. */
  readonly columns: readonly PgCopyColumn[];
  readonly sink: ColumnSink;
  /**
   * `copy` for COPY in binary, `data-row` for a query whose results are asked for in binary (extended protocol): the same
   * tuples in other messages. `copy` unless told.
   */
  readonly framing?: 'copy' | 'data-row';
  /** Largest row in bytes, 256 MiB unless told; a larger one is RESOURCE.MEMORY. */
  readonly maxRowBytes?: number;
  /** Running totals of this stream, called once a batch. */
  readonly onProgress?: (rows: number, bytes: number) => void;
}

/**
 * Decodes what a PostgreSQL server sends from CopyOutResponse to CopyDone, or from a query to its CommandComplete (message
 * formats: PostgreSQL documentation, 54.7; tuples: COPY, "Binary Format"), cut into chunks at any byte.
 */
export interface PgCopyDecoder {
  readonly rows: number;
  /** Bytes taken from the wire. */
  readonly bytes: number;
  /** Set at CopyDone, CommandComplete or ErrorResponse: bytes that the driver must see next (the last two among them). */
  readonly rest: Uint8Array | undefined;
  /** Messages that may come between rows (notices, parameter changes), whole, for the driver. */
  onDriverMessage: ((message: Uint8Array) => void) | undefined;
  /**
   * Takes the whole chunk. Where a promise comes back, give the next chunk after it; it rejects with the sink's error.
   * Throws SOURCE.UNREPRESENTABLE_VALUE, SOURCE.CORRUPT_DATA or RESOURCE.MEMORY; the decoder is of no use afterwards.
   */
  push(chunk: Uint8Array): Promise<void> | undefined;
  /** Gives up: what has arrived and is not parsed, from a message's beginning on. The decoder is of no use afterwards. */
  abandon(): Uint8Array;
  /** Writes the last batch. Call it when the server has confirmed the command, not before: until then it may still fail. */
  end(): Promise<void>;
}

const copyOutResponse = 0x48;
const copyDone = 0x63;
const errorResponse = 0x45;
/** CopyData and DataRow. */
const rowMessages = { copy: 0x64, 'data-row': 0x44 } as const;
/** NoticeResponse, ParameterStatus, NotificationResponse. */
const driverMessages: ReadonlySet<number> = new Set([0x4e, 0x53, 0x41]);
/** ParseComplete, BindComplete, RowDescription, NoData. */
const queryMessages: ReadonlySet<number> = new Set([0x31, 0x32, 0x54, 0x6e]);
const commandComplete = 0x43;
const defaultMaxRowBytes = 256 * 1024 * 1024;

export function createPgCopyDecoder(options: PgCopyDecoderOptions): PgCopyDecoder {
  return new Decoder(options);
}

class Decoder implements PgCopyDecoder {
  readonly #options: PgCopyDecoderOptions;
  readonly #wasm: PgCopyExports;
  readonly #framing: 'copy' | 'data-row';
  readonly #batches: Batches;
  #rest: Uint8Array | undefined;
  /** Set at the end, when the instance is somebody else's. */
  #finalRows: number | undefined;
  onDriverMessage: ((message: Uint8Array) => void) | undefined;

  constructor(options: PgCopyDecoderOptions) {
    const { columns, sink, maxRowBytes = defaultMaxRowBytes, framing = 'copy' } = options;
    this.#options = options;
    this.#framing = framing;
    this.#wasm = pgCopyInstances.take();
    this.#wasm.init(
      Number(sink.layout === 'parquet'),
      columns.length,
      sink.maxRows,
      sink.maxBytes,
      maxRowBytes,
      rowMessages[framing],
    );
    for (const [index, column] of columns.entries()) {
      const { op, precision, scale, element } = columnProgram(column);
      this.#wasm.setColumn(index, op, precision, scale);
      if (element) this.#wasm.setElement(index, element.op, element.precision, element.scale);
    }
    this.#batches = new Batches(this.#wasm, options);
  }

  get rows(): number {
    return this.#finalRows ?? this.#wasm.totalRows.value;
  }

  get bytes(): number {
    return this.#batches.bytes;
  }

  get rest(): Uint8Array | undefined {
    return this.#rest;
  }

  push(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#rest !== undefined) throw streamError('data after the end of the copy', this.#options);
    return this.#batches.push(chunk, () => {
      this.#takeMessage();
      return this.#rest === undefined;
    });
  }

  abandon(): Uint8Array {
    const start = this.#wasm.messageAddress();
    return this.#batches.memory.slice(start, start + this.#wasm.restLength());
  }

  async end(): Promise<void> {
    const isComplete = this.#framing === 'data-row' || this.#wasm.isTrailerRead.value !== 0;
    if (this.#rest === undefined || !isComplete || this.#wasm.isInsideTuple() !== 0) {
      throw streamError('the stream breaks off before the end of the copy', this.#options);
    }
    await this.#batches.end();
    this.#finalRows = this.rows;
    pgCopyInstances.giveBack(this.#wasm);
    this.#options.onProgress?.(this.rows, this.bytes);
  }

  #takeMessage(): void {
    const wasm = this.#wasm;
    const start = wasm.messageAddress();
    const length = wasm.messageLength();
    const { memory } = this.#batches;
    const type = memory[start] ?? 0;
    const isQuery = this.#framing === 'data-row';
    if (type === copyDone) {
      this.#rest = memory.slice(start + length, start + wasm.restLength());
    } else if (type === errorResponse || (isQuery && type === commandComplete)) {
      this.#rest = memory.slice(start, start + wasm.restLength());
    } else if (type === copyOutResponse) {
      const isBinary = memory[start + 5] === 1;
      if (!isBinary) throw streamError('the COPY is not in the binary format', this.#options);
    } else if (driverMessages.has(type) || (isQuery && queryMessages.has(type))) {
      this.onDriverMessage?.(memory.slice(start, start + length));
    } else {
      throw streamError(`an unexpected message of type ${type}`, this.#options);
    }
    wasm.skipMessage();
  }
}
