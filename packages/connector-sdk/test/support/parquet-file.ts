import { parquetWriteBuffer } from 'hyparquet-writer';

/** A Parquet file of one column of numbers. */
export function parquetFile(rows: number): Uint8Array {
  const data = Int32Array.from({ length: rows }, (_, i) => i);
  return new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'n', data, type: 'INT32' }] }));
}

/** The bytes as a network delivers them, cut anywhere: four pieces. */
export function piecesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const size = Math.ceil(bytes.length / 4);
  return [0, 1, 2, 3].map((i) => bytes.subarray(i * size, (i + 1) * size));
}
