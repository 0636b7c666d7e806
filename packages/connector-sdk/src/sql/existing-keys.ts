import type { DataType, KeySetId } from '@tributary/contract/plan';
import type { KeySetRequest, KeySetValues } from '@tributary/contract/source';

/** Whether the database has a value for a literal text of the type. */
export type HasValue = (type: DataType, text: string) => boolean;

/** Key sets without the keys that the database has no value for: they match no row there, so they need not be asked for. */
export function existingKeys(
  keySets: ReadonlyMap<KeySetId, KeySetValues>,
  requests: readonly KeySetRequest[],
  hasValue: HasValue,
): ReadonlyMap<KeySetId, KeySetValues> {
  return new Map(
    requests.flatMap(({ id, columns }) => {
      const keys = keySets.get(id);
      if (keys === undefined) return [];
      const types = columns.map(({ type }) => type);
      return [[id, keysThatExist(keys, types, hasValue)] as const];
    }),
  );
}

function keysThatExist(keys: KeySetValues, types: readonly DataType[], hasValue: HasValue): KeySetValues {
  const rows = Array.from({ length: keys.count }, (_, row) => row).filter((row) =>
    types.every((type, i) => hasValue(type, keys.columns[i]?.[row] ?? '')),
  );
  if (rows.length === keys.count) return keys;
  const columns = keys.columns.map((column) => rows.map((row) => column[row] ?? ''));
  return {
    id: keys.id,
    count: rows.length,
    columns,
    // The engine makes the relation when somebody asks for it; a copy of all properties would ask.
    get relation() {
      return keys.relation;
    },
  };
}
