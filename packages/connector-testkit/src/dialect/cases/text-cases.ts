import type { DataType, Expr } from '@tributary/connector-sdk';
import { type FunctionCase, bigint, one, text, two } from './function-case.js';

const boolean: DataType = { id: 'boolean' };
const whole: DataType = { id: 'bigint' };
const varchar: DataType = { id: 'varchar' };

const pieces: readonly (readonly [start: number, size: number])[] = [
  [0, 3],
  [0, 0],
  [1, 2],
  [2, 0],
  [3, 100],
  [40, 1],
  [-3, 2],
];
const patterns = ['a%', '%b', '_', '%', '', 'a\\b', '%\\%', '_\u0301%', '\\', 'a|%', 'a_b%'];
const escapedPatterns: readonly (readonly [pattern: string, escape: string])[] = [
  ['a$%b', '$'],
  ['$_', '$'],
  ['a\\%%', '\\'],
  ['a\\\\b', '\\'],
  ['a%', ''],
  ['a|b', '$'],
];

export const textCases: readonly FunctionCase[] = [
  ...['length', 'len', 'char_length', 'character_length', 'strlen'].map((fn) => one(fn, whole)),
  ...['strpos', 'position', 'instr'].map((fn) => two(fn, whole)),
  ...named(['substring', 'substr'], varchar, [
    ...pieces.map(([start, size]) => [bigint(start), bigint(size)]),
    ...[0, 1, 2, 50, -2].map((start) => [bigint(start)]),
  ]),
  ...named(
    ['left', 'right'],
    varchar,
    [-50, -2, 0, 1, 2, 50].map((count) => [bigint(count)]),
  ),
  two('replace', varchar, text('<>')),
  two('||', varchar),
  two('concat', varchar),
  two('concat', varchar, text('!')),
  ...['trim', 'ltrim', 'rtrim'].flatMap((fn) => [one(fn, varchar), two(fn, varchar)]),
  ...['md5', 'reverse', 'lower', 'upper', 'lcase', 'ucase'].map((fn) => one(fn, varchar)),
  ...['~~', '!~~', '~~*', '!~~*'].map((fn) => two(fn, boolean)),
  ...named(
    ['~~', '!~~', '~~*', '!~~*'],
    boolean,
    patterns.map((pattern) => [text(pattern)]),
  ),
  ...named(
    ['like_escape', 'not_like_escape'],
    boolean,
    escapedPatterns.map(([pattern, escape]) => [text(pattern), text(escape)]),
  ),
  ...['starts_with', '^@', 'prefix', 'ends_with', 'suffix', 'contains'].map((fn) => two(fn, boolean)),
];

/** Each function with each list of constants. */
function named(
  fns: readonly string[],
  result: DataType,
  constants: readonly (readonly Expr[])[],
): readonly FunctionCase[] {
  return fns.flatMap((fn) => constants.map((more) => one(fn, result, ...more)));
}
