import type { TributaryError } from '@tributary/connector-sdk';
import {
  type LakeColumn,
  type LakeTable,
  type TableFile,
  type TableName,
  columnsVersion,
} from '@tributary/lake';
import { deletedRows } from '../deletion/deleted-rows.js';
import { keyOfPath } from '../files/file-path.js';
import { loggedEtag } from '../files/pinned-store.js';
import type { AddFile, Metadata } from '../log/actions.js';
import { type LogPlace, corruptLog, tableLocation, unsupportedTable } from '../log/log-error.js';
import type { Snapshot } from '../log/snapshot.js';
import { type DeltaColumn, type MappingMode, deltaColumns } from '../schema/delta-schema.js';
import { fileStatistics } from '../schema/file-statistics.js';
import { partitionLiteral } from '../schema/partition-value.js';
import { UnknownType } from '../schema/unknown-type.js';

/** Files as they were made of the log's entries, which later versions share. */
export type KnownFiles = WeakMap<AddFile, { readonly metadata: Metadata; readonly file: TableFile }>;

/** A snapshot as the scan wants a table: files with partition values, statistics and deleted rows. */
export function snapshotTable(
  name: TableName,
  snapshot: Snapshot,
  place: LogPlace,
  known: KnownFiles,
): LakeTable {
  const { metadata } = snapshot;
  const mode = mappingMode(snapshot, place);
  const delta = columnsOf(metadata, mode, place);
  const columns = delta.map((column) => lakeColumn(column, mode));
  const files = [...snapshot.files.values()].map((add) => {
    const before = known.get(add);
    if (before?.metadata === metadata) return before.file;
    const file = tableFile(add, delta, place);
    known.set(add, { metadata, file });
    return file;
  });
  return {
    name,
    location: tableLocation(place),
    format: 'parquet',
    columns,
    files,
    version: columnsVersion(columns),
    snapshot: `version ${snapshot.version}`,
  };
}

/** The property counts only in tables whose protocol knows of mappings. */
function mappingMode({ metadata, protocol }: Snapshot, place: LogPlace): MappingMode {
  const { minReaderVersion, readerFeatures } = protocol;
  if (minReaderVersion !== 2 && !readerFeatures.includes('columnMapping')) return 'none';
  const mode = metadata.configuration.get('delta.columnMapping.mode')?.toLowerCase() ?? 'none';
  if (mode === 'none' || mode === 'name' || mode === 'id') return mode;
  throw unsupportedTable(place, `column mapping mode "${mode}"`);
}

function columnsOf(metadata: Metadata, mode: MappingMode, place: LogPlace): readonly DeltaColumn[] {
  try {
    return deltaColumns(metadata.schemaString, metadata.partitionColumns, mode);
  } catch (error) {
    if (error instanceof UnknownType) throw unsupportedTable(place, `type "${error.message}"`);
    if (!(error instanceof SyntaxError)) throw error;
    throw corruptLog(place, `${place.prefix}_delta_log/`, 'the schema in it is no JSON', error);
  }
}

function lakeColumn(column: DeltaColumn, mode: MappingMode): LakeColumn {
  const { name, type, storedType, typeById, nativeType, nullable, physicalName, fieldId, note, isPartition } =
    column;
  return {
    name,
    type,
    nativeType,
    nullable,
    comparison: 'ordered',
    origin: isPartition ? 'partition' : 'file',
    ...(mode !== 'none' && {
      stored: {
        name: physicalName,
        type: storedType,
        ...(fieldId !== undefined && { fieldId }),
        ...(typeById !== undefined && { typeById }),
      },
    }),
    ...(note !== undefined && { note }),
  };
}

function tableFile(add: AddFile, columns: readonly DeltaColumn[], place: LogPlace): TableFile {
  const key = keyOfPath(add.path, place);
  const statistics = fileStatistics(add, columns);
  if (statistics === undefined && add.deletionVector !== undefined) throw uncounted(key, place);
  const partition = new Map(
    columns
      .filter(({ isPartition }) => isPartition)
      .map(({ name, physicalName, type }) => [
        name,
        partitionLiteral(add.partitionValues.get(physicalName), type),
      ]),
  );
  return {
    file: {
      key,
      path: place.store.locationOf(key),
      size: add.size,
      etag: loggedEtag(add.size, add.modificationTime),
      partition,
    },
    partition,
    ...(statistics !== undefined && { statistics }),
    ...(add.deletionVector !== undefined && { deleted: deletedRows(add, add.deletionVector, place) }),
  };
}

/** The protocol demands the count of a file that has a deletion vector. */
function uncounted(key: string, place: LogPlace): TributaryError {
  return corruptLog(place, key, 'it has a deletion vector, but the log does not say how many rows it has');
}
