import { TributaryError } from '@tributary/contract/errors';
import { withoutComments } from './comments.js';
import { type JsonObject, isObject, objectsAt } from './json.js';

/** A statement about what tables there are. */
export type ShowStatement =
  /** SHOW TABLES; with FROM, those of one source or of a schema in it. */
  | { readonly kind: 'tables'; readonly from: readonly string[] }
  /** SHOW ALL TABLES, and DESCRIBE without a table: with their columns. */
  | { readonly kind: 'all-tables' }
  | { readonly kind: 'schemas' }
  | { readonly kind: 'databases' };

const verb = /\b(?:show|desc|describe)\b/i;
const beginning = /^\s*(?:show|desc|describe)\b/i;
const commented = /^\s*(?:--|\/\*)/;

/** Whether a text may be one: parsing tells, which is too slow to do for every statement. */
export function mayBeShow(sql: string): boolean {
  return beginning.test(commented.test(sql) ? withoutComments(sql) : sql);
}

/** Whether a text may have one in it. */
export function mayHoldShow(sql: string): boolean {
  return verb.test(sql);
}

/** The statement of a parse tree that is nothing but SHOW; undefined for queries, with a SHOW inside or without. */
export function showStatement(tree: JsonObject): ShowStatement | undefined {
  const shown = showOf(tree);
  return shown && listOf(shown);
}

/** Why a query cannot run that reads a SHOW as if it were a table; undefined where it reads none. */
export function refusedShow(tree: JsonObject): TributaryError | undefined {
  if (!holdsList(tree)) return undefined;
  return unsupported(
    'SHOW is a statement of its own: a query cannot read its rows.',
    'Run SHOW TABLES, SHOW ALL TABLES, SHOW SCHEMAS or SHOW DATABASES by itself. Of a table called so, write (DESCRIBE FROM "tables").',
  );
}

/** Why a view cannot be of this query. */
export function refusedAsView(tree: JsonObject): TributaryError | undefined {
  const list = refusedShow(tree);
  if (showOf(tree) === undefined) return list;
  return unsupported(
    'A view is made of a SELECT, and of no DESCRIBE, SHOW or SUMMARIZE.',
    list?.fix ?? 'SELECT from it: CREATE VIEW name AS SELECT * FROM (DESCRIBE …).',
  );
}

/** The node of a tree of a single DESCRIBE, SHOW or SUMMARIZE. */
function showOf(tree: JsonObject): JsonObject | undefined {
  const [statement, ...more] = objectsAt(tree, 'statements');
  const node = statement?.['node'];
  const shown = isObject(node) ? node['from_table'] : undefined;
  return more.length === 0 && isShow(shown) ? shown : undefined;
}

function holdsList(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(holdsList);
  if (!isObject(node)) return false;
  return (isShow(node) && listOf(node) !== undefined) || Object.values(node).some(holdsList);
}

function isShow(node: unknown): node is JsonObject {
  return isObject(node) && node['type'] === 'SHOW_REF';
}

function listOf(shown: JsonObject): ShowStatement | undefined {
  if (shown['show_type'] === 'SHOW_FROM') {
    const from = [shown['catalog_name'], shown['schema_name']].map(String).filter((part) => part !== '');
    return { kind: 'tables', from };
  }
  return lists.get(String(shown['table_name']));
}

/** By what DuckDB's parser makes of their names. */
const lists: ReadonlyMap<string, ShowStatement> = new Map([
  ['"tables"', { kind: 'tables', from: [] }],
  ['__show_tables_expanded', { kind: 'all-tables' }],
  ['"schemas"', { kind: 'schemas' }],
  ['"databases"', { kind: 'databases' }],
]);

function unsupported(message: string, fix: string): TributaryError {
  return new TributaryError('SQL.UNSUPPORTED_STATEMENT', { message, fix });
}
