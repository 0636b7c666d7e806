import { type DataType, type SqlDialect, TributaryError } from '@tributary/connector-sdk';
import type { SqlStatement, StatementValue } from '@tributary/connector-sdk/sql';

/**
 * Constants and quoted names are passed over; lists of placeholders and single ones are found. A doubled quote ends one constant and
 * begins another, since repetitions of alternatives fill the stack on text of megabytes.
 */
const tokens = /'[^']*'|`[^`]*`|\(\?(?:, \?)*\)|\?/g;

/**
 * The statement with its values written as constants, by the dialect's one function for them. So LIMIT takes a parameter, a list of keys
 * is a list, and every value has exactly the type that it would have had in the text.
 */
export function inlineValues(
  { sql, values }: Pick<SqlStatement, 'sql' | 'values'>,
  literal: SqlDialect['literal'],
): string {
  let next = 0;
  const take = (): StatementValue => {
    const value = values[next];
    next += 1;
    if (value === undefined) throw broken('more placeholders than values');
    return value;
  };
  const single = (value: StatementValue): string =>
    value.kind === 'parameter'
      ? constant(literal, value.type, value.value)
      : value.values.map((each) => constant(literal, value.type, each)).join(', ');
  const text = sql.replaceAll(tokens, (token) => {
    if (token === '?') return single(take());
    if (!token.startsWith('(?')) return token;
    const group = token.split(',').map(take);
    const columns = group.flatMap((value) => (value.kind === 'keys' ? [value] : []));
    if (columns.length < group.length) return `(${group.map(single).join(', ')})`;
    return keyList(columns, literal);
  });
  if (next !== values.length) throw broken('fewer placeholders than values');
  return text;
}

/** `(1, 2)`, or `((1, 'a'), (2, 'b'))`. Of no keys at all the list of a NULL, which nothing is in. */
function keyList(
  columns: readonly Extract<StatementValue, { kind: 'keys' }>[],
  literal: SqlDialect['literal'],
): string {
  const [first, ...others] = columns;
  const count = first?.values.length ?? 0;
  if (count === 0) return others.length === 0 ? '(NULL)' : `((${columns.map(() => 'NULL').join(', ')}))`;
  const rows = Array.from({ length: count }, (_, row) => {
    const key = columns.map(({ type, values }) => constant(literal, type, values[row] ?? null)).join(', ');
    return others.length === 0 ? key : `(${key})`;
  });
  return `(${rows.join(', ')})`;
}

function constant(literal: SqlDialect['literal'], type: DataType, value: string | null): string {
  const text = literal({ kind: 'literal', type, value });
  if (text !== undefined) return text;
  throw new TributaryError('SOURCE.UNREPRESENTABLE_VALUE', {
    message: `MySQL has no value for a parameter of type ${type.id}.`,
    fix: "Give another value, or run the query with pushdown: 'off'.",
  });
}

function broken(what: string): TributaryError {
  return new TributaryError('ENGINE.INTERNAL', { message: `The statement has ${what}.` });
}
