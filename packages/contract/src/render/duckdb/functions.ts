import type { AggregateRule, FunctionRule, RuleTable } from '../dialect.js';
import { callText, standardAggregate } from '../text.js';
import { quoteDuckdb } from './identifier.js';

/** Operators by DuckDB's function names, with the spelling people know where there is one. */
const infix: ReadonlyMap<string, string> = new Map([
  ...[
    '+',
    '-',
    '*',
    '/',
    '//',
    '%',
    '**',
    '^',
    '&',
    '|',
    '<<',
    '>>',
    '||',
    '^@',
    '@>',
    '<@',
    '&&',
    '->>',
  ].map((operator): [string, string] => [operator, operator]),
  ['~~', 'LIKE'],
  ['!~~', 'NOT LIKE'],
  ['~~*', 'ILIKE'],
  ['!~~*', 'NOT ILIKE'],
  ['~~~', 'GLOB'],
]);

const prefix: ReadonlySet<string> = new Set(['-', '+', '~', '@']);

const escaped: ReadonlyMap<string, string> = new Map([
  ['like_escape', 'LIKE'],
  ['not_like_escape', 'NOT LIKE'],
  ['ilike_escape', 'ILIKE'],
  ['not_ilike_escape', 'NOT ILIKE'],
]);

/**
 * DuckDB binds every function itself, so every call renders: by the name its own binder gave, or the operator's sign.
 */
export const duckdbFunctions: RuleTable<FunctionRule> = {
  get: (fn) => [{ args: ['any'], variadic: true, render: (args, call) => render(fn, args, call.result) }],
};

function render(
  fn: string,
  args: readonly string[],
  result: Parameters<FunctionRule['render']>[1]['result'],
): string {
  const [first, second, third] = args;
  const operator = infix.get(fn);
  if (operator !== undefined && first !== undefined && second !== undefined)
    return `(${first} ${operator} ${second})`;
  if (prefix.has(fn) && first !== undefined) return `(${fn} ${first})`;
  if (fn === '!__postfix') return callText('factorial', args);
  const like = escaped.get(fn);
  if (like !== undefined && first !== undefined && second !== undefined && third !== undefined) {
    return `(${first} ${like} ${second} ESCAPE ${third})`;
  }
  if (fn === 'struct_pack' && result.id === 'struct') {
    const fields = result.fields.map((field, i) => `${quoteDuckdb(field.name)} := ${args[i] ?? 'NULL'}`);
    return `struct_pack(${fields.join(', ')})`;
  }
  return callText(functionName(fn), args);
}

export const duckdbAggregates: RuleTable<AggregateRule> = {
  get: (fn) => [
    {
      args: ['any'],
      variadic: true,
      distinct: true,
      ordered: true,
      window: 'with-distinct',
      render: (args, call) =>
        fn === 'count_star'
          ? standardAggregate('count', ['*'], call)
          : standardAggregate(functionName(fn), args, call),
    },
  ],
};

export const duckdbWindowFunctions: RuleTable<FunctionRule> = {
  get: (fn) => [{ args: ['any'], variadic: true, render: (args) => callText(functionName(fn), args) }],
};

/** Names that DuckDB's grammar gives a form of their own; in quotes they are plain functions. */
const grammar: ReadonlySet<string> = new Set(['position', 'trim']);

function functionName(fn: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(fn) && !grammar.has(fn) ? fn : quoteDuckdb(fn);
}
