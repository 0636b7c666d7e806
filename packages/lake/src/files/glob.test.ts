import { expect, test } from 'vitest';
import { globPattern, hasGlob, staticPrefix } from './glob.js';

test.each([
  ['*.parquet', ['a.parquet', '.parquet'], ['a/b.parquet', 'a.parquetx']],
  ['**/*.csv', ['a.csv', 'x/y/a.csv'], ['a.csv.gz']],
  ['year=*/m?/x', ['year=2025/m1/x'], ['year=2025/m12/x', 'year=2025/q/m1/x']],
  ['a/**', ['a/b', 'a/b/c'], ['b/a']],
  ['q[1]+(x).{csv}', ['q[1]+(x).{csv}'], ['q1x.csv']],
])('%s', (pattern, matches, misses) => {
  const expression = globPattern(pattern);
  for (const path of matches) expect(path).toMatch(expression);
  for (const path of misses) expect(path).not.toMatch(expression);
});

test('a listing starts where the wildcards do', () => {
  expect(staticPrefix('/data/raw/**/x.parquet')).toBe('/data/raw');
  expect(hasGlob('/data/[1].parquet')).toBe(false);
});
