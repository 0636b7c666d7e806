import { type DataType, sameType, typeName } from '@tributary/connector-sdk';
import { constant, name, text } from './text.js';

/**
 * A value whose fields, at any depth, have other names in the file than in the table. DuckDB casts structs by name, so they are
 * made anew.
 *
 * @param own the type in the file
 * @param keys the same with what its fields are found by: their names, or their ids
 * @param stored the table's type with the keys that files use: of the same form as `wanted`
 */
export function renamedValue(
  value: string,
  own: DataType,
  keys: DataType,
  stored: DataType,
  wanted: DataType,
  depth = 0,
): string {
  if (sameType(stored, wanted)) {
    return sameType(own, wanted) ? value : `CAST(${value} AS ${typeName(wanted)})`;
  }
  if (own.id === 'struct' && keys.id === 'struct' && stored.id === 'struct' && wanted.id === 'struct') {
    const fields = wanted.fields.map((field, index) => {
      const sought = stored.fields[index];
      const at = keys.fields.findIndex((candidate) => candidate.name === sought?.name);
      const [found, key] = [own.fields[at], keys.fields[at]];
      const made =
        sought === undefined || found === undefined || key === undefined
          ? constant(field.type, null)
          : renamedValue(
              `struct_extract(${value}, ${text(found.name)})`,
              found.type,
              key.type,
              sought.type,
              field.type,
              depth,
            );
      return `${name(field.name)} := ${made}`;
    });
    return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`;
  }
  const item = `x${depth}`;
  if (own.id === 'list' && keys.id === 'list' && stored.id === 'list' && wanted.id === 'list') {
    const made = renamedValue(item, own.element, keys.element, stored.element, wanted.element, depth + 1);
    return `list_transform(${value}, lambda ${item}: ${made})`;
  }
  if (own.id === 'map' && keys.id === 'map' && stored.id === 'map' && wanted.id === 'map') {
    const key = renamedValue(
      `struct_extract(${item}, 'key')`,
      own.key,
      keys.key,
      stored.key,
      wanted.key,
      depth + 1,
    );
    const made = renamedValue(
      `struct_extract(${item}, 'value')`,
      own.value,
      keys.value,
      stored.value,
      wanted.value,
      depth + 1,
    );
    const entries = `list_transform(map_entries(${value}), lambda ${item}: struct_pack(key := ${key}, value := ${made}))`;
    return `CASE WHEN ${value} IS NOT NULL THEN map_from_entries(${entries}) END`;
  }
  return `CAST(${value} AS ${typeName(wanted)})`;
}
