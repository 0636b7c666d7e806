/**
 * How tightly a piece of SQL binds. Dialects return operators in parentheses, so what they return is an atom.
 */
export const level = { or: 0, and: 1, not: 2, comparison: 3, atom: 4 } as const;

export type Level = (typeof level)[keyof typeof level];

export interface Piece {
  readonly sql: string;
  readonly level: Level;
}

export function atom(sql: string): Piece {
  return { sql, level: level.atom };
}

/** The piece's text, in parentheses when it binds less tightly than its place needs. */
export function inPlace(piece: Piece, needed: Level): string {
  return piece.level >= needed ? piece.sql : `(${piece.sql})`;
}

/** Begins a mark of the layout: a line break inside parentheses begins a sub-select. */
export const layoutMark = '\u0001';

/** Longer texts keep their parentheses: looking for the match would cost more than it pleases. */
const longestToUnwrap = 2000;

/** The text without parentheses around the whole of it, for places that commas or keywords delimit. */
export function unwrap(sql: string): string {
  if (!sql.startsWith('(') || !sql.endsWith(')') || sql.length > longestToUnwrap) return sql;
  // A sub-select is nothing without them.
  if (/^\(\W*SELECT/.test(sql) || sql.startsWith(`(${layoutMark}`)) return sql;
  // A backslash may or may not escape the quote after it, by dialect.
  if (sql.includes('\\')) return sql;
  let depth = 0;
  let quote: string | undefined;
  for (let i = 0; i < sql.length; i++) {
    const char = sql[i];
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
    } else if (char === "'" || char === '"' || char === '`') quote = char;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0 && i < sql.length - 1) return sql;
  }
  return sql.slice(1, -1);
}

/** A function call: `name(a, b)`. */
export function callText(name: string, args: readonly string[]): string {
  return `${name}(${args.map(unwrap).join(', ')})`;
}

/** The parts of an aggregate call in the order of standard SQL. */
export interface AggregateParts {
  readonly distinct?: boolean;
  readonly orderBy?: string | undefined;
  readonly filter?: string | undefined;
  readonly over?: string | undefined;
}

/** `sum(DISTINCT x ORDER BY y) FILTER (WHERE f) OVER (…)`. */
export function standardAggregate(name: string, args: readonly string[], parts: AggregateParts): string {
  const distinct = parts.distinct === true ? 'DISTINCT ' : '';
  const orderBy = parts.orderBy === undefined ? '' : ` ORDER BY ${parts.orderBy}`;
  const filter = parts.filter === undefined ? '' : ` FILTER (WHERE ${unwrap(parts.filter)})`;
  const over = parts.over === undefined ? '' : ` ${parts.over}`;
  return `${name}(${distinct}${args.map(unwrap).join(', ')}${orderBy})${filter}${over}`;
}

/** Conjuncts, each fit to stand beside AND; one alone needs no parentheses. */
export function conjunctionText(conjuncts: readonly string[]): string {
  return conjuncts.length === 1 ? conjuncts.map(unwrap).join('') : conjuncts.join(' AND ');
}
