import { TributaryError } from '@tributary/connector-sdk';
import { formatOf, stemOf } from '../files/data-file.js';
import { partitionFolder } from '../files/hive.js';
import type { Entry, FileTree } from '../files/file-tree.js';
import type { TableDefinition } from './definition.js';
import { foldCase } from './names.js';
import { dottedName } from './table-name.js';

/**
 * The tables that a folder holds when the configuration names none:
 * - a data file in the root is a table of its stem: `orders.parquet` is `orders`;
 * - a folder with data files or `key=value` folders directly in it is one table, with everything below it;
 * - any other folder is a schema, and the folders in it are its tables by the second rule.
 */
export async function discoverTables(tree: FileTree): Promise<readonly TableDefinition[]> {
  const found: TableDefinition[] = [];
  for (const entry of await tree.folder(tree.root)) {
    const table = await tableOf(entry, tree);
    if (table !== undefined) found.push(table);
    else if (entry.kind === 'folder') {
      for (const child of await tree.folder(entry.path)) {
        const inner = await tableOf(child, tree);
        if (inner !== undefined) found.push({ ...inner, schema: entry.name });
      }
    }
  }
  return found;
}

/** @throws TributaryError SQL.AMBIGUOUS_TABLE when `orders.csv` and `orders.parquet` both claim the name. */
export function findDiscovered(
  tables: readonly TableDefinition[],
  path: readonly string[],
  sourceId: string,
): TableDefinition | undefined {
  const keyOf = (parts: readonly (string | undefined)[]): string =>
    foldCase(parts.filter((part) => part !== undefined).join('\0'));
  const matches = tables.filter(({ schema, name }) => keyOf([schema, name]) === keyOf(path));
  const [match] = matches;
  if (match === undefined || matches.length === 1) return match;
  throw new TributaryError('SQL.AMBIGUOUS_TABLE', {
    message: `${sourceId} has ${matches.length} tables called ${dottedName(match)}: ${matches.map((table) => table.path).join(', ')}.`,
    fix: 'Rename one of them, or declare both under `tables` of the source.',
    sourceId,
    object: dottedName(match),
    candidates: matches.map((table) => table.path),
  });
}

async function tableOf(entry: Entry, tree: FileTree): Promise<TableDefinition | undefined> {
  if (entry.kind === 'refused') return undefined;
  const table = { path: entry.path, kind: entry.kind, hive: true, types: new Map(), csv: {} };
  if (entry.kind === 'file') {
    return formatOf(entry.name) === undefined ? undefined : { ...table, name: stemOf(entry.name) };
  }
  const children = await tree.folder(entry.path);
  const hasData = children.some((child) =>
    child.kind === 'folder' ? partitionFolder(child.name) !== undefined : formatOf(child.name) !== undefined,
  );
  return hasData ? { ...table, name: entry.name } : undefined;
}
