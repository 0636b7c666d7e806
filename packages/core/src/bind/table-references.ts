import { type JsonObject, isObject } from './json.js';

/** A table as the statement's text names it, one to three parts. */
export interface TableReference {
  readonly parts: readonly string[];
  /** Offset in the statement's UTF-8 bytes. */
  readonly byteOffset: number;
  /** A CTE of the same name exists, so the reference need not be a table. */
  readonly maybeCte: boolean;
}

/** The tables that a parsed statement (`json_serialize_sql`) names. */
export function tableReferences(statement: JsonObject): readonly TableReference[] {
  const ctes = new Set<string>();
  const found: Omit<TableReference, 'maybeCte'>[] = [];
  visit(statement, (node) => {
    const map = node['cte_map'];
    if (isObject(map) && Array.isArray(map['map'])) {
      for (const entry of map['map']) if (isObject(entry)) ctes.add(String(entry['key']).toLowerCase());
    }
    if (node['type'] === 'BASE_TABLE' && typeof node['table_name'] === 'string') {
      const parts = [node['catalog_name'], node['schema_name'], node['table_name']].filter(
        (part) => typeof part === 'string' && part !== '',
      );
      found.push({ parts: parts.map(String), byteOffset: Number(node['query_location']) });
    }
  });
  return found.map((ref) => ({
    ...ref,
    maybeCte: ref.parts.length === 1 && ctes.has(ref.parts.join('').toLowerCase()),
  }));
}

function visit(value: unknown, each: (node: JsonObject) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, each);
  } else if (isObject(value)) {
    each(value);
    for (const item of Object.values(value)) visit(item, each);
  }
}
