import { type DataType, TributaryError } from '@tributary/connector-sdk';
import { mapFiles } from '../files/concurrency.js';
import { type DataFile, formatOf } from '../files/data-file.js';
import type { FileEntry, FileTree } from '../files/file-tree.js';
import { globPattern, hasGlob, staticPrefix } from '../files/glob.js';
import { partitionOf } from '../files/hive.js';
import type { CsvOptions, FileFormat, TableOptions } from '../source/table-options.js';
import { foldCase } from './names.js';
import { type TableName, dottedName } from './table-name.js';
import { parseTypeName } from './type-name.js';

/** A table before its files are looked at. */
export interface TableDefinition extends TableName {
  /** Path of a file or folder, or a pattern. */
  readonly path: string;
  /** What the path was when it was looked at last. */
  readonly kind?: 'file' | 'folder' | 'pattern';
  readonly format?: FileFormat;
  readonly hive: boolean;
  /** Types that the user wants, by lower-case column name. */
  readonly types: ReadonlyMap<string, DataType>;
  readonly csv: CsvOptions;
}

export function definitionOf(name: string, options: TableOptions, tree: FileTree): TableDefinition {
  const types = Object.entries(options.columns ?? {}).flatMap(([column, text]) => {
    const type = parseTypeName(text);
    return type === undefined ? [] : [[foldCase(column), type] as const];
  });
  return {
    name,
    path: tree.resolve(options.path),
    ...(options.format !== undefined && { format: options.format }),
    hive: options.hive ?? true,
    types: new Map(types),
    csv: options.csv ?? {},
  };
}

export interface TableFiles {
  readonly format: FileFormat;
  readonly files: readonly DataFile[];
}

/** The files of a table as they are now. */
export async function listTableFiles(definition: TableDefinition, tree: FileTree): Promise<TableFiles> {
  const { base, entries } = await entriesOf(definition, tree);
  const wanted = entries.filter((entry) => definition.format !== undefined || formatOf(entry.name));
  if (wanted.length === 0) {
    throw new TributaryError('SOURCE.MISSING_OBJECT', {
      message: `Table ${dottedName(definition)} has no files: nothing at ${definition.path} is Parquet, CSV or NDJSON by its name.`,
      fix: 'Put files there, or correct the path of the table.',
      sourceId: tree.sourceId,
      object: definition.path,
    });
  }
  const files = await mapFiles(wanted, tree.signal, async (entry) => dataFile(entry, base, definition, tree));
  return { format: definition.format ?? commonFormat(wanted, definition, tree.sourceId), files };
}

async function entriesOf(
  definition: TableDefinition,
  tree: FileTree,
): Promise<{ readonly base: string; readonly entries: readonly FileEntry[] }> {
  const { path } = definition;
  const kind = definition.kind === 'pattern' ? undefined : await tree.kindOf(path, definition.kind);
  if (kind === undefined && hasGlob(path)) {
    const base = staticPrefix(path);
    const pattern = globPattern(path.slice(base.length + 1));
    const files = await tree.filesBelow(base);
    return { base, entries: files.filter((entry) => pattern.test(entry.path.slice(base.length + 1))) };
  }
  if (kind === 'folder') {
    const entries = await tree.filesBelow(path);
    // After them, since a store's listing of the folder tells this too.
    if (await tree.isDelta(path)) throw deltaTable(definition, tree.sourceId);
    return { base: path, entries };
  }
  const slash = path.lastIndexOf('/');
  return { base: path.slice(0, slash), entries: [{ name: path.slice(slash + 1), path, kind: 'file' }] };
}

/** The log of a Delta table decides which of its files count; reading them all would give deleted rows back. */
function deltaTable(definition: TableDefinition, sourceId: string): TributaryError {
  return new TributaryError('CONFIG.INVALID', {
    message: `Table ${dottedName(definition)} is a Delta table (${definition.path} has a _delta_log): its files alone are not its rows.`,
    fix: 'Read it through a connector for Delta, or declare a glob over files that belong to no Delta table.',
    sourceId,
    object: dottedName(definition),
  });
}

async function dataFile(
  entry: FileEntry,
  base: string,
  definition: TableDefinition,
  tree: FileTree,
): Promise<DataFile> {
  const stat = await tree.stat(entry.path);
  const partition = definition.hive
    ? partitionOf(entry.path.slice(base.length + 1))
    : new Map<string, string>();
  return { ...stat, path: entry.path, partition };
}

function commonFormat(
  entries: readonly FileEntry[],
  definition: TableDefinition,
  sourceId: string,
): FileFormat {
  const [first] = entries;
  const format = first && formatOf(first.name);
  const other = entries.find((entry) => formatOf(entry.name) !== format);
  if (format !== undefined && other === undefined) return format;
  throw new TributaryError('CONFIG.INVALID', {
    message: `Table ${dottedName(definition)} mixes formats: ${first?.path ?? definition.path} and ${other?.path ?? ''}.`,
    fix: 'Keep one format in a folder, or declare the table with a glob that takes one of them.',
    sourceId,
    object: dottedName(definition),
  });
}
