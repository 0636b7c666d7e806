import { describe, expect, test } from 'vitest';
import { parameterTokens, withParameterTypes } from './parameter-tokens.js';

describe('parameterTokens', () => {
  test.each([
    ['select $1, $name', ['1', 'name']],
    ['select ?, ?, ?5', ['1', '2', '5']],
    ['select \'$1\', "$2", $3', ['3']],
    ["select 'it''s $1' || $2", ['2']],
    ["select e'\\'$1' || $2", ['2']],
    ['select 1 -- $1\n, $2', ['2']],
    ['select /* $1 */ $2', ['2']],
    ['select /* /* ? */ ? */ ?', ['1']],
    ['select $$ $1 $$, $tag$ $$ $2 $tag$, $3', ['3']],
  ])('%s', (sql, names) => {
    expect(parameterTokens(sql).map((t) => t.name)).toEqual(names);
  });
});

test('types are written around the markers and nowhere else', () => {
  const types = new Map([
    ['1', 'BIGINT'],
    ['d', 'DATE'],
  ]);
  expect(withParameterTypes("select '$1', $1 + 1 where x < $d", types)).toBe(
    "select '$1', CAST($1 AS BIGINT) + 1 where x < CAST($d AS DATE)",
  );
});
