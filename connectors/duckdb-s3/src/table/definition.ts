import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type DataType, TributaryError } from '@tributary/connector-sdk';
import { mapFiles } from '../files/concurrency.js';
import { type DataFile, formatOf } from '../files/data-file.js';
import { fileError } from '../files/file-error.js';
import { globPattern, hasGlob, staticPrefix } from '../files/glob.js';
import { partitionOf } from '../files/hive.js';
import { type FileEntry, type ListingLimits, assertInside, isInside, listTree } from '../files/listing.js';
import type { CsvOptions, FileFormat, TableOptions } from '../options.js';
import { parseTypeName } from './type-name.js';
import { foldCase } from './names.js';

/** A table before its files are looked at. */
export interface TableDefinition {
  readonly schema?: string;
  readonly name: string;
  /** Absolute path of a file or folder, or a pattern. */
  readonly path: string;
  readonly format?: FileFormat;
  readonly hive: boolean;
  /** Types that the user wants, by lower-case column name. */
  readonly types: ReadonlyMap<string, DataType>;
  readonly csv: CsvOptions;
}

export function definitionOf(name: string, options: TableOptions, root: string): TableDefinition {
  const types = Object.entries(options.columns ?? {}).flatMap(([column, text]) => {
    const type = parseTypeName(text);
    return type === undefined ? [] : [[foldCase(column), type] as const];
  });
  return {
    name,
    path: resolve(root, options.path),
    ...(options.format !== undefined && { format: options.format }),
    hive: options.hive ?? true,
    types: new Map(types),
    csv: options.csv ?? {},
  };
}

export function dottedName(table: { readonly schema?: string; readonly name: string }): string {
  return table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
}

export interface TableFiles {
  readonly format: FileFormat;
  readonly files: readonly DataFile[];
}

/** The files of a table as they are now. */
export async function listTableFiles(
  definition: TableDefinition,
  limits: ListingLimits,
): Promise<TableFiles> {
  const { base, entries } = await entriesOf(definition, limits);
  const wanted = entries.filter((entry) => definition.format !== undefined || formatOf(entry.name));
  if (wanted.length === 0) {
    throw new TributaryError('SOURCE.MISSING_OBJECT', {
      message: `Table ${dottedName(definition)} has no files: nothing at ${definition.path} is Parquet, CSV or NDJSON by its name.`,
      fix: 'Put files there, or correct the path of the table.',
      sourceId: limits.sourceId,
      object: definition.path,
    });
  }
  const files = await mapFiles(wanted, limits.signal, async (entry) =>
    dataFile(entry, base, definition, limits),
  );
  return { format: definition.format ?? commonFormat(wanted, definition, limits.sourceId), files };
}

async function entriesOf(
  definition: TableDefinition,
  limits: ListingLimits,
): Promise<{ readonly base: string; readonly entries: readonly FileEntry[] }> {
  const { path } = definition;
  if (!isInside(path, limits.root)) await assertInside(path, limits);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined && hasGlob(path)) {
    const base = staticPrefix(path);
    await assertInside(base, limits);
    const pattern = globPattern(path.slice(base.length + 1));
    const tree = await listTree(base, limits);
    return { base, entries: tree.filter((entry) => pattern.test(entry.path.slice(base.length + 1))) };
  }
  await assertInside(path, limits);
  if (found?.isDirectory() === true) {
    await refuseDelta(path, definition, limits.sourceId);
    return { base: path, entries: await listTree(path, limits) };
  }
  return {
    base: join(path, '..'),
    entries: [{ name: path.slice(path.lastIndexOf('/') + 1), path, kind: 'file', linked: false }],
  };
}

/** The log of a Delta table decides which of its files count; reading them all would give deleted rows back. */
async function refuseDelta(folder: string, definition: TableDefinition, sourceId: string): Promise<void> {
  const log = await stat(join(folder, '_delta_log')).catch(() => undefined);
  if (log === undefined) return;
  throw new TributaryError('CONFIG.INVALID', {
    message: `Table ${dottedName(definition)} is a Delta table (${folder} has a _delta_log): its files alone are not its rows.`,
    fix: 'Read it through a connector for Delta, or declare a glob over files that belong to no Delta table.',
    sourceId,
    object: dottedName(definition),
  });
}

async function dataFile(
  entry: FileEntry,
  base: string,
  definition: TableDefinition,
  limits: ListingLimits,
): Promise<DataFile> {
  const { size, mtimeMs } = await stat(entry.path).catch((error: unknown) => {
    throw fileError(error, entry.path, limits.sourceId);
  });
  const partition = definition.hive
    ? partitionOf(entry.path.slice(base.length + 1))
    : new Map<string, string>();
  return { path: entry.path, size, mtimeMs, partition };
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
