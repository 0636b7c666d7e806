import { quoteText } from './hostile-columns.js';
import type { Kind } from './kind.js';
import type { Maker, Scope, ScopeColumn } from './maker.js';
import { constantOf, leaf, scalar } from './scalars.js';
import { correlatedPredicate } from './subqueries.js';

const comparisons = ['=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM'] as const;
const patterns = ['a%', '%b', '_', '%', '', 'a\\_b', '%\\%%', 'a$%b', '_\u0301%', '😀_', '%A%', 'y _'];

/** Kinds between which a comparison needs a cast that DuckDB makes by itself. */
const comparable: Partial<Record<Kind, readonly Kind[]>> = {
  integer: ['wide', 'decimal', 'mild-double', 'double'],
  wide: ['integer', 'decimal', 'wide-decimal', 'double'],
  decimal: ['integer', 'wide-decimal', 'mild-double'],
  'mild-double': ['integer', 'double', 'decimal'],
  double: ['mild-double', 'integer'],
  day: ['date', 'timestamp', 'timestamptz'],
  date: ['day', 'timestamp'],
  timestamp: ['day', 'date', 'timestamptz'],
  timestamptz: ['timestamp', 'day'],
};

/** A condition over the scope, as SQL. */
export function predicate(scope: Scope, maker: Maker, depth: number): string {
  const { choices } = maker;
  if (depth > 0 && choices.oneIn(2)) {
    const sub = (): string => predicate(scope, maker, depth - 1);
    return choices.pick(
      () => `(${choices.many(2, 3, sub).join(' AND ')})`,
      () => `(${choices.many(2, 3, sub).join(' OR ')})`,
      () => `(NOT ${sub()})`,
      () => `(CASE WHEN ${sub()} THEN ${sub()} ELSE ${sub()} END)`,
      () => `((${sub()}) IS NOT TRUE)`,
      () => correlatedPredicate(scope, maker, depth - 1, predicate),
      () => correlatedPredicate(scope, maker, depth - 1, predicate),
    )();
  }
  if (scope.length === 0) return choices.pick('true', '(1 = 2)', 'CAST(NULL AS BOOLEAN)');
  // Text is where engines differ most.
  const texts = scope.filter((column) => column.kind === 'text');
  const column = choices.pickFrom(texts.length > 0 && choices.oneIn(4) ? texts : scope);
  return column.kind === 'text' && choices.oneIn(2)
    ? matching(column.sql, scope, maker)
    : condition(column, scope, maker);
}

function condition(column: ScopeColumn, scope: Scope, maker: Maker): string {
  const { choices } = maker;
  const { kind, sql } = column;
  const constant = (): string =>
    column.column === undefined ? constantOf(kind, maker) : maker.constant(column.column);
  const not = (): string => choices.pick('', 'NOT ');
  return choices.pick(
    () => `(${sql} ${choices.pickFrom(comparisons)} ${constant()})`,
    () => `(${constant()} ${choices.pickFrom(comparisons)} ${sql})`,
    () => `(${sql} IS ${not()}NULL)`,
    () => `(${sql} ${not()}IN (${choices.many(1, 4, constant).join(', ')}))`,
    () => `(${sql} ${not()}BETWEEN ${constant()} AND ${constant()})`,
    () => `(${sql} ${choices.pickFrom(comparisons)} ${leaf(kind, scope, maker)})`,
    () => `(${scalar(kind, scope, maker, 2)} ${choices.pickFrom(comparisons)} ${constant()})`,
    () =>
      `(${scalar(kind, scope, maker, 2)} ${choices.pickFrom(comparisons)} ${scalar(kind, scope, maker, 1)})`,
    () => {
      const other = comparable[kind];
      if (other === undefined) return `(${sql} IS ${not()}NULL)`;
      return `(${sql} ${choices.pickFrom(comparisons)} ${leaf(choices.pickFrom(other), scope, maker)})`;
    },
    () => (kind === 'boolean' ? sql : `(${sql} IS ${not()}NULL)`),
  )();
}

function matching(sql: string, scope: Scope, maker: Maker): string {
  const { choices } = maker;
  const text = choices.pick(
    () => sql,
    () => scalar('text', scope, maker, 1),
  )();
  return choices.pick(
    () => `(${text} ${choices.pick('LIKE', 'NOT LIKE', 'ILIKE')} ${quoteText(choices.pickFrom(patterns))})`,
    () => `(${text} LIKE ${quoteText(choices.pickFrom(patterns))} ESCAPE ${choices.pick(`'\\'`, `'$'`)})`,
    () =>
      `${choices.pick('starts_with', 'ends_with', 'contains')}(${text}, ${quoteText(choices.pick('a', 'b', '', '%', 'é'))})`,
    () => `(${text} LIKE ${leaf('text', scope, maker)})`,
  )();
}
