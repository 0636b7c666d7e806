import { type JsonObject, isObject, objectsAt } from './json.js';

/** A statement about what tables there are. */
export type ShowStatement =
  /** SHOW TABLES; with FROM, those of one source or of a schema in it. */
  | { readonly kind: 'tables'; readonly from: readonly string[] }
  /** SHOW ALL TABLES, and DESCRIBE without a table: with their columns. */
  | { readonly kind: 'all-tables' }
  | { readonly kind: 'schemas' }
  | { readonly kind: 'databases' };

const beginning = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:show|desc|describe)\b/i;

/** Whether a text may be one: parsing tells, which is too slow to do for every statement. */
export function mayBeShow(sql: string): boolean {
  return beginning.test(sql);
}

/** The statement of a parse tree that is nothing but SHOW; undefined for queries, with a SHOW inside or without. */
export function showStatement(tree: JsonObject): ShowStatement | undefined {
  const [statement, ...more] = objectsAt(tree, 'statements');
  const node = statement?.['node'];
  const shown = isObject(node) ? node['from_table'] : undefined;
  if (more.length > 0 || !isObject(shown) || shown['type'] !== 'SHOW_REF') return undefined;
  if (shown['show_type'] === 'SHOW_FROM') {
    const from = [shown['catalog_name'], shown['schema_name']].map(String).filter((part) => part !== '');
    return { kind: 'tables', from };
  }
  return statements.get(String(shown['table_name']));
}

/** By what DuckDB's parser makes of their names. A table called so is none that DESCRIBE could describe either. */
const statements: ReadonlyMap<string, ShowStatement> = new Map([
  ['"tables"', { kind: 'tables', from: [] }],
  ['__show_tables_expanded', { kind: 'all-tables' }],
  ['"schemas"', { kind: 'schemas' }],
  ['"databases"', { kind: 'databases' }],
]);
