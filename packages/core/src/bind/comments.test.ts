import { expect, test } from 'vitest';
import { withoutComments } from './comments.js';

test.each([
  ['select 1 -- one\n, 2', 'select 1       \n, 2'],
  ['a /* b /* c */ d */ e', 'a                   e'],
  ['a /*/ b */ c /***/ d', 'a          c       d'],
  ['a /* never /* closed */', `a${' '.repeat(22)}`],
  [`'--' "/*" $$--$$ $x$/*$x$ e'\\'--' -- "`, `'--' "/*" $$--$$ $x$/*$x$ e'\\'--'     `],
])('%s', (sql, bare) => {
  expect(withoutComments(sql)).toBe(bare);
});
