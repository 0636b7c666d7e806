import { type DataType, simpleType } from '@tributary/connector-sdk';

/** What Hive, Spark and DuckDB write as the folder of NULL. */
const nullFolder = '__HIVE_DEFAULT_PARTITION__';

/** The key and value of a folder named `key=value`; values are percent-encoded by their writers. */
export function partitionFolder(name: string): readonly [key: string, value: string | null] | undefined {
  const at = name.indexOf('=');
  if (at < 1) return undefined;
  const value = name.slice(at + 1);
  return [decode(name.slice(0, at)), value === nullFolder ? null : decode(value)];
}

/** Partition values of a file, by its path below the table's folder. */
export function partitionOf(relativePath: string): ReadonlyMap<string, string | null> {
  const folders = relativePath.split('/').slice(0, -1);
  return new Map(
    folders.flatMap((folder) => {
      const entry = partitionFolder(folder);
      return entry === undefined ? [] : [entry];
    }),
  );
}

/** The narrowest of BIGINT, DATE and VARCHAR that every value reads as. */
export function partitionType(values: Iterable<string | null>): DataType {
  const seen = [...new Set(values)].filter((value) => value !== null);
  if (seen.length === 0) return simpleType('varchar');
  if (seen.every((value) => /^-?\d{1,18}$/.test(value))) return simpleType('bigint');
  return simpleType(seen.every(isIsoDate) ? 'date' : 'varchar');
}

function isIsoDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || value.startsWith('0000')) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** A lone percent sign is itself: not every writer encodes. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
