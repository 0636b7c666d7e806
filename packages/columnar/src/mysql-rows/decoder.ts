import type { ColumnSink } from '../sink.js';
import { Batches } from '../wire/batches.js';
import { streamError, type StreamOrigin } from '../wire/faults.js';
import { columnPrograms, type MysqlColumn } from './program.js';
import { type MysqlRowsExports, mysqlRowsInstances } from './wasm.js';
import type { MysqlWireColumn } from './wire-column.js';

export interface MysqlRowsDecoderOptions extends StreamOrigin {
  /** The columns of the answer, as the plan wants them. */
  readonly columns: readonly MysqlColumn[];
  /** The same columns, as the server has described them. */
  readonly wire: readonly MysqlWireColumn[];
  readonly sink: ColumnSink;
  /** Largest row in bytes, 256 MiB unless told; a larger one is RESOURCE.MEMORY. */
  readonly maxRowBytes?: number;
  /** Running totals of this stream, called once a batch. */
  readonly onProgress?: (rows: number, bytes: number) => void;
}

/**
 * Decodes the rows that MySQL and MariaDB answer to COM_STMT_EXECUTE, cut into chunks at any byte: the packets between the
 * column definitions (with the EOF that closes them) and the EOF or error that closes the rows. Formats: MySQL's "Binary
 * Protocol Resultset" in the source's documentation, without compression.
 */
export interface MysqlRowsDecoder {
  readonly rows: number;
  /** Bytes taken from the wire. */
  readonly bytes: number;
  /** Set when the rows have ended: the packet that ended them and what follows it, for the driver. */
  readonly rest: Uint8Array | undefined;
  /**
   * Takes the whole chunk. Where a promise comes back, give the next chunk after it; it rejects with the sink's error.
   * Throws SOURCE.UNREPRESENTABLE_VALUE, SOURCE.CORRUPT_DATA or RESOURCE.MEMORY; the decoder is of no use afterwards.
   */
  push(chunk: Uint8Array): Promise<void> | undefined;
  /** Gives up: what has arrived and is not parsed, from a packet's beginning on. The decoder is of no use afterwards. */
  abandon(): Uint8Array;
  /** Writes the last batch. Call it when the driver has seen a good end, not before: until then the statement may still fail. */
  end(): Promise<void>;
}

const packetHeader = 4;
/** EOF (also as an OK packet, where that has been agreed on) and ERR. */
const lastPackets: ReadonlySet<number | undefined> = new Set([0xfe, 0xff]);
const defaultMaxRowBytes = 256 * 1024 * 1024;

/** Raises SOURCE.MISSING_OBJECT where the server describes other columns than were planned. */
export function createMysqlRowsDecoder(options: MysqlRowsDecoderOptions): MysqlRowsDecoder {
  return new Decoder(options);
}

class Decoder implements MysqlRowsDecoder {
  readonly #options: MysqlRowsDecoderOptions;
  readonly #wasm: MysqlRowsExports;
  readonly #batches: Batches;
  #rest: Uint8Array | undefined;
  /** Set at the end, when the instance is somebody else's. */
  #finalRows: number | undefined;

  constructor(options: MysqlRowsDecoderOptions) {
    const { columns, wire, sink, maxRowBytes = defaultMaxRowBytes } = options;
    const programs = columnPrograms(columns, wire, options);
    this.#options = options;
    this.#wasm = mysqlRowsInstances.take();
    this.#wasm.init(
      Number(sink.layout === 'parquet'),
      columns.length,
      sink.maxRows,
      sink.maxBytes,
      maxRowBytes,
    );
    for (const [index, program] of programs.entries()) {
      const { source, target, precision, scale, isNull, noDateIsNull } = program;
      this.#wasm.setColumn(index, source, target, precision, scale, Number(isNull), Number(noDateIsNull));
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
    if (this.#rest !== undefined) throw streamError('data after the end of the rows', this.#options);
    return this.#batches.push(chunk, () => {
      const rest = this.abandon();
      const type = rest[packetHeader];
      if (!lastPackets.has(type)) throw streamError(`an unexpected packet of type ${type}`, this.#options);
      this.#rest = rest;
      return false;
    });
  }

  abandon(): Uint8Array {
    const start = this.#wasm.restAddress();
    return this.#batches.memory.slice(start, start + this.#wasm.restLength());
  }

  async end(): Promise<void> {
    if (this.#rest === undefined) {
      throw streamError('the stream breaks off before the end of the rows', this.#options);
    }
    await this.#batches.end();
    this.#finalRows = this.rows;
    mysqlRowsInstances.giveBack(this.#wasm);
    this.#options.onProgress?.(this.rows, this.bytes);
  }
}
