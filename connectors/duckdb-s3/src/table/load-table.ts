import { createHash } from 'node:crypto';
import { TributaryError } from '@tributary/connector-sdk';
import { mapFiles } from '../files/concurrency.js';
import type { ListingLimits } from '../files/listing.js';
import { type TableDefinition, listTableFiles } from './definition.js';
import { describeFile } from './describe-file.js';
import type { LakeTable } from './lake-table.js';
import { partitionColumns, partitionValues } from './partitions.js';
import { fileColumns } from './schema.js';

/**
 * Lists the table's files as they are now and reads those of another path, size or time than `before` had. The same
 * object as `before` when nothing has changed.
 */
export async function loadTable(
  definition: TableDefinition,
  before: LakeTable | undefined,
  limits: ListingLimits,
): Promise<LakeTable> {
  const { format, files } = await listTableFiles(definition, limits);
  const known = new Map(before?.files.map((entry) => [entry.file.path, entry]));
  let fresh = 0;
  const described = await mapFiles(files, limits.signal, async (file) => {
    const cached = known.get(file.path);
    if (
      cached?.file.size === file.size &&
      cached.file.mtimeMs === file.mtimeMs &&
      before?.format === format
    ) {
      return { file, description: cached.description };
    }
    fresh += 1;
    return { file, description: await describeFile(file, format, definition, limits.sourceId) };
  });
  if (before !== undefined && fresh === 0 && files.length === before.files.length) return before;
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
