import type { RowGroup } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import type { Column, ColumnType } from '../column-type.js';
import type { Batch, ParquetColumnData, ParquetLayoutSink } from '../sink.js';
import { giveBuffer, takeBuffer } from '../spares/index.js';
import { AppendFile } from './append-file.js';
import { parquetColumn, type ParquetColumn } from './parquet-schema.js';
import { encodeRowGroup } from './row-group.js';

export interface ParquetSpoolOptions {
  /** A file that does not exist yet, in a directory that does. */
  readonly path: string;
  readonly columns: readonly Column[];
  /** Called with the number of bytes before they are written; throws to refuse. */
  readonly budget?: (bytes: number) => void;
  /** Rows of a row group, 122,880 (DuckDB's own) unless told; it ends sooner at `maxBytes`, 4 MiB unless told. */
  readonly maxRows?: number;
  readonly maxBytes?: number;
}

export interface SpoolColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** A DuckDB expression over the file's own columns that gives the column with its exact type. */
  readonly readExpression: string;
}

export interface SpoolFile {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly columns: readonly SpoolColumn[];
}

const magic = new Uint8Array([0x50, 0x41, 0x52, 0x31]);
/** What processors' caches hold: with four times as much, decoding takes up to twice as long. */
const defaultBytes = 4 * 1024 * 1024;
/** Row groups in memory: one being written by the operating system, one waiting. */
const buffersInFlight = 2;

/** Writes batches as row groups of an uncompressed Parquet file, in the background and with bounded memory. */
export class ParquetSpoolWriter implements ParquetLayoutSink, AsyncDisposable {
  readonly layout = 'parquet';
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly #options: ParquetSpoolOptions;
  readonly #columns: readonly ParquetColumn[];
  readonly #file: AppendFile;
  readonly #rowGroups: RowGroup[] = [];
  #pending = 0;
  #lastWrite: Promise<void> = Promise.resolve();
  #failed = false;
  #rows = 0;
  #isFinished = false;

  private constructor(options: ParquetSpoolOptions, file: AppendFile) {
    this.#options = options;
    this.maxRows = options.maxRows ?? 122_880;
    this.maxBytes = options.maxBytes ?? defaultBytes;
    this.#columns = options.columns.map(parquetColumn);
    this.#file = file;
  }

  /** Creates the file. Raises RESOURCE.SPILL_FULL where that is not possible. */
  static async create(options: ParquetSpoolOptions): Promise<ParquetSpoolWriter> {
    const writer = new ParquetSpoolWriter(options, await AppendFile.open(options.path));
    writer.#append(magic);
    return writer;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Bytes of the file so far: what `budget` has been asked for. */
  get bytes(): number {
    return this.#file.size;
  }

  write(batch: Batch<ParquetColumnData>): Promise<void> | undefined {
    const { pieces, size, metadata } = encodeRowGroup(batch, this.#columns, this.#file.size);
    this.#options.budget?.(size);
    const buffer = takeBuffer(size);
    let at = 0;
    for (const piece of pieces) {
      buffer.set(piece, at);
      at += piece.length;
    }
    this.#rowGroups.push(metadata);
    this.#rows += batch.rows;

    const previous = this.#lastWrite;
    this.#pending++;
    this.#lastWrite = this.#file.append(buffer.subarray(0, size)).then(
      () => {
        this.#pending--;
        giveBuffer(buffer);
      },
      (error: unknown) => {
        this.#failed = true;
        throw error;
      },
    );
    this.#lastWrite.catch(() => undefined);
    return this.#failed || this.#pending >= buffersInFlight ? previous : undefined;
  }

  /** Writes the footer and closes the file. */
  async finish(): Promise<SpoolFile> {
    await this.#lastWrite;
    const footer = this.#footer();
    this.#options.budget?.(footer.length);
    this.#append(footer);
    await this.#file.close();
    this.#isFinished = true;
    return {
      path: this.#options.path,
      rows: this.#rows,
      bytes: this.#file.size,
      columns: this.#options.columns.map(({ name, type }, index) => ({
        name,
        type,
        readExpression: readExpression(type, `c${index}`),
      })),
    };
  }

  /** Closes and deletes the file. Never fails because a write did. */
  async abort(): Promise<void> {
    this.#isFinished = true;
    await this.#file.discard();
  }

  /** Aborts unless finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isFinished) await this.abort();
  }

  #append(bytes: Uint8Array): void {
    this.#lastWrite = this.#file.append(bytes);
  }

  #footer(): Uint8Array {
    const writer = new ByteWriter();
    writeMetadata(writer, {
      version: 2,
      created_by: 'tributary',
      schema: [
        { name: 'schema', num_children: this.#columns.length },
        ...this.#columns.flatMap((column) => column.elements),
      ],
      num_rows: BigInt(this.#rows),
      row_groups: this.#rowGroups,
      metadata_length: 0,
    });
    writer.appendBytes(magic);
    return writer.getBytes();
  }
}

function readExpression(type: ColumnType, name: string): string {
  if (type.id === 'interval') return intervalExpression(name);
  if (type.id === 'hugeint') return `${name}::HUGEINT`;
  if (type.id !== 'list') return name;
  if (type.element.id === 'interval') return `list_transform(${name}, lambda e: ${intervalExpression('e')})`;
  return type.element.id === 'hugeint' ? `${name}::HUGEINT[]` : name;
}

function intervalExpression(value: string): string {
  return `to_months(${value}.months) + to_days(${value}.days) + to_microseconds(${value}.micros)`;
}
