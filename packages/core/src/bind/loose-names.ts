import { type JsonObject, isObject, objectsAt } from './json.js';

/** What a statement says of columns without saying whose they are. */
export interface LooseNames {
  /** In lower case. */
  readonly names: ReadonlySet<string>;
  /** Whether columns that nobody names are compared or computed with: NATURAL, BY NAME, COLUMNS(…), a star outside of a select list. */
  readonly isOpen: boolean;
}

/**
 * The names in parsed statements (`json_serialize_sql`) that another table's column of that name would take over, or make ambiguous:
 * of such a column in a table of which only a sample is known, the statement must know.
 */
export function looseNames(statements: readonly JsonObject[]): LooseNames {
  const names = new Set<string>();
  let isOpen = false;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if (!isObject(value)) return;
    isOpen ||=
      value['class'] === 'STAR' || value['ref_type'] === 'NATURAL' || value['setop_type'] === 'UNION_BY_NAME';
    for (const name of [...singleName(value['column_names']), ...texts(value['using_columns'])])
      names.add(name.toLowerCase());
    for (const [key, item] of Object.entries(value)) {
      if (key !== 'select_list') visit(item);
      else
        for (const selected of objectsAt(value, key))
          visit(isPlainStar(selected) ? selected['replace_list'] : selected);
    }
  };
  visit(statements);
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

function isPlainStar(node: JsonObject): boolean {
  return node['class'] === 'STAR' && node['columns'] !== true;
}

function singleName(value: unknown): readonly string[] {
  const parts = texts(value);
  return parts.length === 1 ? parts : [];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
