import { type ColumnId, type Rel, outputIds } from '@tributary/contract/plan';

/**
 * The smallest part of a producer that has its keys and will do: keys beyond those of the join's rows are never wrong. A part
 * waits for fewer fragments than the whole, and costs less to evaluate for its keys alone.
 */
export function narrowed(producer: Rel, keys: readonly ColumnId[], willDo: (part: Rel) => boolean): Rel {
  const part = joinedWith(producer, keys).find(willDo);
  return part === undefined ? producer : narrowed(part, keys, willDo);
}

/** The inputs that have all keys, of the first join below. Whatever its type, its rows have no other keys than they. */
function joinedWith(rel: Rel, keys: readonly ColumnId[]): readonly Rel[] {
  switch (rel.kind) {
    case 'filter':
    case 'project':
      return hasAll(rel.input, keys) ? joinedWith(rel.input, keys) : [];
    case 'join':
      return [rel.left, rel.right].filter((input) => hasAll(input, keys));
    default:
      return [];
  }
}

function hasAll(rel: Rel, keys: readonly ColumnId[]): boolean {
  const ids = outputIds(rel);
  return keys.every((key) => ids.has(key));
}
