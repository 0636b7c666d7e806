import { type JsonObject, isObject } from './json.js';

/** What a statement says of columns without saying whose they are. */
export interface LooseNames {
  /** In lower case. */
  readonly names: ReadonlySet<string>;
  /** Whether columns that nobody names are compared or computed with: NATURAL, BY NAME, COLUMNS(…). */
  readonly isOpen: boolean;
}

/**
 * The names in parsed statements (`json_serialize_sql`) that another table's column of that name would take over, or make ambiguous:
 * of such a column in a table of which only a sample is known, the statement must know.
 */
export function looseNames(statements: readonly JsonObject[]): LooseNames {
  const names = new Set<string>();
  /** What references of several parts begin with: a column with a field, or a relation. */
  const beginnings = new Set<string>();
  const relations = new Set<string>();
  let isOpen = false;
  /** @param selected names of the columns of the SELECT whose ORDER BY this is in */
  const visit = (value: unknown, selected?: ReadonlySet<string>): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, selected);
      return;
    }
    if (!isObject(value)) return;
    isOpen ||=
      value['columns'] === true || value['ref_type'] === 'NATURAL' || value['setop_type'] === 'UNION_BY_NAME';
    const [beginning, ...parts] = texts(value['column_names']);
    if (beginning !== undefined) (parts.length === 0 ? names : beginnings).add(beginning.toLowerCase());
    for (const name of texts(value['using_columns'])) names.add(name.toLowerCase());
    for (const name of relationNames(value)) relations.add(name.toLowerCase());
    for (const [key, item] of Object.entries(value)) {
      if (key === 'modifiers') visit(item, aliasesIn(value['select_list']));
      else if (key === 'orders') visit(item, selected);
      else if (key !== 'expression' || selected === undefined || !isSelected(item, selected)) visit(item);
    }
  };
  visit(statements);
  for (const name of beginnings) if (!relations.has(name)) names.add(name);
  return { names, isOpen };
}

/** Whether a statement may mean a column that a table of these columns has beside them. */
export function mayMeanOthers(
  { names, isOpen }: LooseNames,
  columns: readonly { readonly name: string }[],
): boolean {
  if (isOpen) return true;
  const known = new Set(columns.map(({ name }) => name.toLowerCase()));
  return [...names].some((name) => !known.has(name));
}

/** Names of a relation of FROM, by which columns may be told apart: its own, with the folders that it is in, or its alias. */
function relationNames(value: JsonObject): readonly string[] {
  if (!('sample' in value)) return [];
  const { alias, table_name: table, schema_name: schema, catalog_name: catalog } = value;
  return texts([alias, table, schema, catalog]).filter((part) => part !== '');
}

/** The name of a column reference that names no table. */
function looseName(value: unknown): readonly string[] {
  const parts = isObject(value) ? texts(value['column_names']) : [];
  return parts.length === 1 ? parts : [];
}

/** Whether ORDER BY takes something for a selected column, or ALL of them, before it looks elsewhere. */
function isSelected(expression: unknown, selected: ReadonlySet<string>): boolean {
  const isAll = isObject(expression) && expression['class'] === 'STAR' && !isObject(expression['expr']);
  return isAll || looseName(expression).some((name) => selected.has(name.toLowerCase()));
}

function aliasesIn(selectList: unknown): ReadonlySet<string> {
  if (!Array.isArray(selectList)) return new Set();
  const aliases = selectList.map((item: unknown) => (isObject(item) ? item['alias'] : undefined));
  return new Set(aliases.filter((alias) => typeof alias === 'string').map((alias) => alias.toLowerCase()));
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
