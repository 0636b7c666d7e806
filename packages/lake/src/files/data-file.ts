import type { FileFormat } from '../source/table-options.js';
import type { FileStat } from './file-tree.js';

/** A file of a table as the listing, or the table's log, saw it. */
export interface DataFile extends FileStat {
  /** Name for people: the absolute path, or `s3://bucket/key`. */
  readonly path: string;
  /** Values of the `key=value` folders above the file, by key; null for Hive's NULL. */
  readonly partition: ReadonlyMap<string, string | null>;
}

const byExtension: readonly (readonly [RegExp, FileFormat])[] = [
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.(csv|tsv)(\.gz|\.zst)?$/i, 'csv'],
  [/\.(ndjson|jsonl)(\.gz|\.zst)?$/i, 'ndjson'],
];

/** The format that a file's name promises. */
export function formatOf(path: string): FileFormat | undefined {
  return byExtension.find(([pattern]) => pattern.test(path))?.[1];
}

/** A file's name without folder, extension and compression: the table it is by itself. */
export function stemOf(name: string): string {
  return name.replace(/\.(gz|zst)$/i, '').replace(/\.[^.]+$/, '');
}

export type Compression = 'none' | 'gzip' | 'zstd';

export function compressionOf(path: string): Compression {
  if (/\.gz$/i.test(path)) return 'gzip';
  return /\.zst$/i.test(path) ? 'zstd' : 'none';
}
