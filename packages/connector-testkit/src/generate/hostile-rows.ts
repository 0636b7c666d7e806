import type { HostileColumn } from './hostile-columns.js';

export type HostileRow = readonly (string | null)[];

/** Values of the columns, the same for the same seed; one cell in eight is NULL. */
export function hostileRows(
  seed: number,
  count: number,
  columns: readonly Pick<HostileColumn, 'values'>[],
): readonly HostileRow[] {
  let state = seed;
  const below = (limit: number): number => {
    // Numerical Recipes' linear congruential generator; its high bits are the good ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return Array.from({ length: count }, () =>
    columns.map(({ values }) => (below(8) === 0 ? null : (values[below(values.length)] ?? null))),
  );
}
