import { expect, test } from 'vitest';
import { TributaryError } from '@tributary/connector-sdk';
import { fileError } from './file-error.js';

test.each([
  ['ENOENT', 'SOURCE.MISSING_OBJECT'],
  ['ENOTDIR', 'SOURCE.MISSING_OBJECT'],
  ['EACCES', 'SOURCE.PERMISSION'],
  ['EPERM', 'SOURCE.PERMISSION'],
  ['EIO', 'SOURCE.UNREACHABLE'],
])('%s is %s', (system, code) => {
  const error = Object.assign(new Error(`${system}: it failed`), { code: system });
  expect(fileError(error, '/data/x.parquet', 'lake')).toMatchObject({
    code,
    sourceId: 'lake',
    object: '/data/x.parquet',
    cause: error,
  });
});

test('our own errors and those of no file system pass', () => {
  const own = new TributaryError('SOURCE.CORRUPT_DATA', { message: 'm' });
  const other = new RangeError('m');
  expect(fileError(own, '/x', 'lake')).toBe(own);
  expect(fileError(other, '/x', 'lake')).toBe(other);
});
