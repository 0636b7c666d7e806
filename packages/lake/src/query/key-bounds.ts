import {
  type Expr,
  type KeySetId,
  type KeySetValues,
  compare,
  literal,
  typeOf,
} from '@tributary/connector-sdk';
import { type Ordered, compareOrdered, toOrdered } from '../prune/ordered.js';
import type { SortedKeys } from '../prune/predicate.js';

/** The keys of each key set in ascending order, for pruning. */
export function sortedKeys(
  filters: readonly Expr[],
  keySets: ReadonlyMap<KeySetId, KeySetValues>,
): ReadonlyMap<KeySetId, SortedKeys> {
  return new Map(
    keySetFilters(filters, keySets).map(({ filter, values }) => [
      filter.keySet,
      filter.args.map((arg, column) => {
        const keys = orderedKeys(arg, values, column);
        return keys?.map((key) => key.value).toSorted((a, b) => compareOrdered(a, b) ?? 0);
      }),
    ]),
  );
}

/** `key >= least AND key <= greatest`: what DuckDB needs to skip row groups before it has read the key set. */
export function keyRanges(
  filters: readonly Expr[],
  keySets: ReadonlyMap<KeySetId, KeySetValues>,
): readonly Expr[] {
  return keySetFilters(filters, keySets).flatMap(({ filter, values }) =>
    filter.args.flatMap((arg, column) => {
      const keys = orderedKeys(arg, values, column);
      const [first, ...rest] = keys ?? [];
      if (first === undefined) return [];
      const extreme = (sign: 1 | -1): string =>
        rest.reduce((a, b) => ((compareOrdered(b.value, a.value) ?? 0) * sign > 0 ? b : a), first).text;
      return [
        compare('>=', arg, literal(typeOf(arg), extreme(-1))),
        compare('<=', arg, literal(typeOf(arg), extreme(1))),
      ];
    }),
  );
}

interface Key {
  readonly text: string;
  readonly value: Ordered;
}

/** Undefined when a key has no certain order. */
function orderedKeys(arg: Expr, values: KeySetValues, column: number): readonly Key[] | undefined {
  const type = typeOf(arg);
  const keys: Key[] = [];
  for (const text of values.columns[column] ?? []) {
    const value = toOrdered(type, text);
    if (value === undefined) return undefined;
    keys.push({ text, value });
  }
  return keys;
}

function keySetFilters(
  filters: readonly Expr[],
  keySets: ReadonlyMap<KeySetId, KeySetValues>,
): readonly { readonly filter: Expr & { readonly kind: 'in-key-set' }; readonly values: KeySetValues }[] {
  return filters.flatMap((filter) => {
    const values = filter.kind === 'in-key-set' ? keySets.get(filter.keySet) : undefined;
    return filter.kind === 'in-key-set' && values !== undefined ? [{ filter, values }] : [];
  });
}
