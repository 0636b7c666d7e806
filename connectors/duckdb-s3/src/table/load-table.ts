import { createHash } from 'node:crypto';
import { TributaryError } from '@tributary/contract';
import { mapFiles } from '../files/concurrency.js';
import type { DataFile } from '../files/data-file.js';
import type { ListingLimits } from '../files/listing.js';
import { type TableDefinition, listTableFiles } from './definition.js';
import { describeFile } from './describe-file.js';
import type { FileDescription, LakeTable } from './lake-table.js';
import { partitionColumns, partitionValues } from './partitions.js';
import { fileColumns } from './schema.js';

/** What was read of a file before. A file of the same path, size and time is not read again. */
export type FileCache = ReadonlyMap<
  string,
  { readonly file: DataFile; readonly description: FileDescription }
>;

/** Lists the table's files as they are now and reads what has changed since `before`. */
export async function loadTable(
  definition: TableDefinition,
  before: LakeTable | undefined,
  limits: ListingLimits,
): Promise<LakeTable> {
  const { format, files } = await listTableFiles(definition, limits);
  const known: FileCache = new Map(before?.files.map((entry) => [entry.file.path, entry]));
  const described = await mapFiles(files, limits.signal, async (file) => {
    const cached = known.get(file.path);
    const same = cached?.file.size === file.size && cached.file.mtimeMs === file.mtimeMs;
    const description =
      cached !== undefined && same && before?.format === format
        ? cached.description
        : await describeFile(file, format, definition, limits.sourceId);
    return { file, description };
  });
  const partitions = partitionColumns(files, definition, limits.sourceId);
  const columns = [
    ...fileColumns(described, definition, partitions, limits.sourceId),
    ...partitions.map((partition) => partition.column),
  ];
  return {
    definition,
    format,
    columns,
    files: described.map((entry) => ({ ...entry, partition: partitionValues(entry.file, partitions) })),
    version: versionOf(columns),
  };
}

/** The table as planning left it; the error is for callers that skipped `describeTable`. */
export function assertLoaded(
  table: LakeTable | undefined,
  path: readonly string[],
  sourceId: string,
): LakeTable {
  if (table !== undefined) return table;
  throw new TributaryError('ENGINE.INTERNAL', {
    message: `Table ${path.join('.')} of ${sourceId} was planned before it was described.`,
    sourceId,
    object: path.join('.'),
  });
}

function versionOf(columns: LakeTable['columns']): string {
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex').slice(0, 16);
}
