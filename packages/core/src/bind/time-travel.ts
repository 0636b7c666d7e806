import { TributaryError } from '@tributary/contract/errors';
import { type JsonObject, isObject } from './json.js';
import { charOffset } from './sql-errors.js';

const identifier = String.raw`(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)`;
/** A table as FROM has it: `lake.events AS e (a, b) AT (VERSION => 3)`, or with a time. */
const versionedTable = new RegExp(
  String.raw`(?<path>(?:${identifier}\s*\.\s*)*)(?<name>${identifier})` +
    String.raw`(?<alias>\s+(?:as\s+)?${identifier}(?:\s*\([^()]*\))?)??` +
    String.raw`\s*\bat\s*\(\s*(?<unit>version|timestamp)\s*=>\s*` +
    String.raw`(?:(?:timestamp|timestamptz|date)\s*)?(?<value>\d+|'(?:[^']|'')*')\s*\)`,
  'iuy',
);

/**
 * A statement with `events AT (VERSION => 3)` written as `"events@v3"`, and `events AT (TIMESTAMP => '2026-01-31')` as
 * `"events@2026-01-31"`: the names by which sources with versions know them. DuckDB parses the clause, but its own
 * tables, which statements are bound with, have no versions.
 *
 * @param parse the statement's parse tree; asked for only where the text may have the clause
 * @throws TributaryError SQL.BIND for a clause with anything but a constant
 */
export async function withVersionNames(
  sql: string,
  parse: (sql: string) => Promise<JsonObject>,
): Promise<string> {
  if (!/\bat\s*\(/i.test(sql)) return sql;
  const offsets = versionedTables(await parse(sql)).toSorted((a, b) => b - a);
  return offsets.reduce((text, offset) => withVersionName(text, charOffset(sql, offset) ?? 0), sql);
}

/** Where tables with the clause begin, in bytes. */
function versionedTables(value: unknown): readonly number[] {
  if (Array.isArray(value)) return value.flatMap(versionedTables);
  if (!isObject(value)) return [];
  const isVersioned = value['type'] === 'BASE_TABLE' && isObject(value['at_clause']);
  const own = isVersioned ? [Number(value['query_location'])] : [];
  return [...own, ...Object.values(value).flatMap(versionedTables)];
}

const version = /^\d+$/;
const time = /^\d{4}-\d{2}-\d{2}/;

function withVersionName(sql: string, start: number): string {
  versionedTable.lastIndex = start;
  const found = versionedTable.exec(sql);
  const { path = '', name = '', alias, unit = '', value = '' } = found?.groups ?? {};
  const bare = name.startsWith('"') ? name.slice(1, -1) : name;
  const constant = value.replace(/^'(.*)'$/s, '$1').replaceAll("''", "'");
  const isVersion = unit.toLowerCase() === 'version';
  if (found === null || !(isVersion ? version : time).test(constant)) {
    throw new TributaryError('SQL.BIND', {
      message: 'AT takes a version or a time as a constant.',
      fix: "Write AT (VERSION => 3) or AT (TIMESTAMP => '2026-01-31 10:00:00').",
      position: start,
    });
  }
  const versioned = `${path}"${bare}@${isVersion ? 'v' : ''}${constant.replaceAll('"', '""')}"`;
  return sql.slice(0, start) + versioned + (alias ?? ` AS "${bare}"`) + sql.slice(start + found[0].length);
}
