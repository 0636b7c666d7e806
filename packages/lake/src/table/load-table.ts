import { createHash } from 'node:crypto';
import { mapFiles } from '../files/concurrency.js';
import type { FileReader } from '../files/file-reader.js';
import type { FileTree } from '../files/file-tree.js';
import { type TableDefinition, listTableFiles } from './definition.js';
import { describeFile } from './describe-file.js';
import type { LakeColumn, LakeTable } from './lake-table.js';
import { partitionColumns, partitionValues } from './partitions.js';
import { fileColumns } from './schema.js';

/**
 * Lists the table's files as they are now and reads those that `before` had not, or not with this content. The same object
 * as `before` when nothing has changed.
 */
export async function loadTable(
  definition: TableDefinition,
  before: LakeTable | undefined,
  tree: FileTree,
  reader: FileReader,
): Promise<LakeTable> {
  const { format, files } = await listTableFiles(definition, tree);
  const same = before?.location === definition.path && before.format === format ? before : undefined;
  const known = new Map(same?.files.map((entry) => [entry.file.path, entry]));
  let fresh = 0;
  const describe = async (file: (typeof files)[number]) => {
    const cached = known.get(file.path);
    if (
      cached?.description !== undefined &&
      cached.file.etag === file.etag &&
      cached.file.size === file.size
    ) {
      return { file, description: cached.description };
    }
    fresh += 1;
    return { file, description: await describeFile(file, format, definition.csv, reader) };
  };
  const described = await mapFiles(files, reader.signal, describe, reader.parallel);
  if (same !== undefined && fresh === 0 && files.length === same.files.length) return same;
  const partitions = partitionColumns(files, definition, reader.sourceId);
  const columns = [
    ...fileColumns(described, definition, partitions, reader.sourceId),
    ...partitions.map((partition) => partition.column),
  ];
  const { schema, name } = definition;
  return {
    name: { name, ...(schema !== undefined && { schema }) },
    location: definition.path,
    format,
    columns,
    files: described.map((entry) => ({ ...entry, partition: partitionValues(entry.file, partitions) })),
    version: columnsVersion(columns),
  };
}

/** The `version` of a table with these columns. */
export function columnsVersion(columns: readonly LakeColumn[]): string {
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex').slice(0, 16);
}
