import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatArrayText, parseArrayText } from './array-text.js';

describe('arrays as text', () => {
  test.each([
    ['{}', []],
    ['{1,2}', ['1', '2']],
    ['{NULL,"NULL",null}', [null, 'NULL', 'null']],
    [String.raw`{"a\"b","\\",""}`, ['a"b', '\\', '']],
    ['[2:3]={a,b}', ['a', 'b']],
    ['{"a,b",{}}', ['a,b', '{}']],
  ])('%s', (text, elements) => {
    expect(parseArrayText(text)).toEqual(elements);
  });

  test('what is written can be read', () => {
    const elements = fc.array(fc.option(fc.string({ unit: 'binary' })));
    fc.assert(
      fc.property(elements, (values) => {
        expect(parseArrayText(formatArrayText(values))).toEqual(values);
      }),
    );
  });
});
