import { createHash } from 'node:crypto';
import { mapFiles } from '../files/concurrency.js';
import type { DataFile } from '../files/data-file.js';
import type { FileReader } from '../files/file-reader.js';
import type { FileTree } from '../files/file-tree.js';
import { type TableDefinition, listTableFiles } from './definition.js';
import { describeFile } from './describe-file.js';
import type { FileDescription, LakeColumn, LakeTable } from './lake-table.js';
import { partitionColumns, partitionValues } from './partitions.js';
import { fileColumns } from './schema.js';
import type { Looks } from './table-provider.js';

/** Of a table of more Parquet files, a sample is looked at: a request for each of thousands is more than most queries are worth. */
const mostLookedAt = 32;
const sampleSize = 16;

/**
 * Lists the table's files as they are now and reads those that `before` had not, or not with this content. The same object
 * as `before` when nothing has changed.
 */
export async function loadTable(
  definition: TableDefinition,
  before: LakeTable | undefined,
  tree: FileTree,
  reader: FileReader,
  { whole, also }: Looks,
): Promise<LakeTable> {
  const { format, files } = await listTableFiles(definition, tree);
  const same = before?.location === definition.path && before.format === format ? before : undefined;
  const known = new Map(same?.files.map((entry) => [entry.file.path, entry]));
  const seen = files.map((file): SeenFile => {
    const cached = known.get(file.path);
    const isSame = cached?.file.etag === file.etag && cached.file.size === file.size;
    return { file, isKnown: isSame, description: isSame ? cached.description : undefined };
  });
  const wanted = toLookAt(seen, { whole: whole || format !== 'parquet', also, before: same });
  const isUnchanged =
    wanted.size === 0 && files.length === same?.files.length && seen.every(({ isKnown }) => isKnown);
  if (isUnchanged) return same;
  const describe = async ({ file, description }: SeenFile): Promise<TableEntry> =>
    wanted.has(file)
      ? { file, description: await describeFile(file, format, definition.csv, reader) }
      : { file, description };
  const entries = await mapFiles(seen, reader.signal, describe, reader.parallel);
  const described = entries.flatMap(({ file, description }) =>
    description === undefined ? [] : [{ file, description }],
  );
  const sampled = described.length < files.length;
  const partitions = partitionColumns(files, definition, reader.sourceId);
  const columns = [
    ...fileColumns(described, definition, partitions, reader.sourceId).map((column) =>
      sampled ? { ...column, nullable: true } : column,
    ),
    ...partitions.map((partition) => partition.column),
  ];
  const version = columnsVersion(columns);
  const { schema, name } = definition;
  return {
    name: { name, ...(schema !== undefined && { schema }) },
    location: definition.path,
    format,
    columns,
    files: entries.map(({ file, description }) => ({
      file,
      ...(description !== undefined && { description }),
      partition: partitionValues(file, partitions),
    })),
    version,
    ...(sampled && { sampled }),
  };
}

interface TableEntry {
  readonly file: DataFile;
  readonly description: FileDescription | undefined;
}

interface SeenFile extends TableEntry {
  /** Whether it was there before, with this content. */
  readonly isKnown: boolean;
}

/** Files to look at: all, or as many as make up a sample with those that were looked at before, evenly taken. */
function toLookAt(
  seen: readonly SeenFile[],
  { whole, also, before }: Looks & { readonly before: LakeTable | undefined },
): ReadonlySet<DataFile> {
  const unseen = seen.filter(({ description }) => description === undefined).map(({ file }) => file);
  const isWhole = before !== undefined && before.sampled !== true;
  if (whole || (isWhole ? unseen : seen).length <= mostLookedAt) return new Set(unseen);
  const missing = Math.max(0, sampleSize - (seen.length - unseen.length));
  const taken = Array.from(
    { length: missing },
    (_, i) => unseen[Math.round((i * (unseen.length - 1)) / Math.max(missing - 1, 1))],
  );
  return new Set([
    ...taken.filter((file) => file !== undefined),
    ...unseen.filter(({ path }) => also.has(path)),
  ]);
}

/** The `version` of a table with these columns. */
export function columnsVersion(columns: readonly LakeColumn[]): string {
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex').slice(0, 16);
}
