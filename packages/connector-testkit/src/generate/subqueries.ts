import { type ColumnName, hostileColumn } from './hostile-columns.js';
import type { Maker, Scope, ScopeColumn } from './maker.js';
import { leaf } from './scalars.js';

const comparisons = ['=', '<>', '<', '>='] as const;

/** A table under an alias of its own. */
export function tableScope(
  table: string,
  maker: Maker,
): { readonly from: string; readonly scope: Scope; readonly alias: string } {
  const alias = maker.alias();
  const scope = maker.columns.map((name): ScopeColumn => ({
    sql: `${alias}."${name}"`,
    kind: hostileColumn(name).kind,
    column: name,
  }));
  return { from: `${table} AS ${alias}`, scope, alias };
}

export function anyTable(maker: Maker): string {
  return maker.choices.pickFrom(maker.tables);
}

/** A condition over a scope, as SQL. */
type Condition = (scope: Scope, maker: Maker, depth: number) => string;

/** EXISTS, IN and comparisons with a sub-select, correlated or not; `condition` makes what it filters by. */
export function correlatedPredicate(outer: Scope, maker: Maker, depth: number, condition: Condition): string {
  const { choices } = maker;
  const inner = tableScope(anyTable(maker), maker);
  const where = (): string => {
    const conditions = [
      ...(choices.oneIn(3) ? [] : equality(inner.scope, outer, maker)),
      ...(choices.oneIn(2)
        ? [condition(choices.oneIn(3) ? [...inner.scope, ...outer] : inner.scope, maker, Math.min(depth, 1))]
        : []),
    ];
    return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  };
  const column = inner.scope.find(
    ({ column: name }) => name === choices.pick<ColumnName>('k', 'n', 'g', 't', 'day', 'u', 'b', 'd'),
  );
  const kind = column?.kind ?? 'integer';
  const item = column?.sql ?? `${inner.alias}."k"`;
  return choices.pick(
    () => `${choices.pick('', 'NOT ')}EXISTS (SELECT 1 FROM ${inner.from}${where()})`,
    () =>
      `(${leaf(kind, outer, maker)} ${choices.pick('', 'NOT ')}IN (SELECT ${item} FROM ${inner.from}${where()}))`,
    () =>
      `(${leaf(kind, outer, maker)} ${choices.pickFrom(comparisons)} (SELECT ${choices.pick('min', 'max')}(${item}) FROM ${inner.from}${where()}))`,
    () =>
      `(${leaf('integer', outer, maker)} ${choices.pickFrom(comparisons)} (SELECT count(${choices.pick('*', item)}) FROM ${inner.from}${where()}))`,
    // DuckDB has no correlated IN over several columns.
    () =>
      `((${leaf('integer', outer, maker)}, ${leaf('text', outer, maker)}) ${choices.pick('', 'NOT ')}IN (SELECT ${inner.alias}."k", ${inner.alias}."g" FROM ${inner.from}))`,
  )();
}

/** `inner.x = outer.x` over a column that both have; nothing where the outer scope has none of it. */
export function equality(inner: Scope, outer: Scope, maker: Maker): readonly string[] {
  const { choices } = maker;
  const name = choices.pick<ColumnName>(
    'k',
    'n',
    'g',
    'id',
    't',
    'day',
    'u',
    'b',
    'd',
    'f',
    'ts',
    'by',
    'bo',
  );
  const left = inner.find((column) => column.column === name);
  const right = outer.find((column) => column.column === name);
  if (left === undefined || right === undefined) return [];
  return [`${left.sql} ${choices.oneIn(8) ? 'IS NOT DISTINCT FROM' : '='} ${right.sql}`];
}
