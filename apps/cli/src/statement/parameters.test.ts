import { describe, expect, it } from 'vitest';
import { parseParameters } from './parameters.js';

describe('parseParameters', () => {
  it('tells names from positions', () => {
    expect(parseParameters([])).toEqual([]);
    expect(parseParameters(['1', 'b c'])).toEqual([1n, 'b c']);
    expect(parseParameters(['since=2024-01-31', '$top=3', 'text=a=b'])).toEqual({
      since: '2024-01-31',
      top: 3n,
      text: 'a=b',
    });
  });

  it.each([
    ['null', null],
    ['TRUE', true],
    ['false', false],
    ['-42', -42n],
    ['12345678901234567890', 12345678901234567890n],
    ['1.50', { type: { id: 'decimal', precision: 3, scale: 2 }, value: '1.50' }],
    ['.5', { type: { id: 'decimal', precision: 1, scale: 1 }, value: '.5' }],
    ['1e3', 1000],
    ['2024-01-31', '2024-01-31'],
    ["'42'", '42'],
    ["'it''s'", "it's"],
    ["'a=1'", 'a=1'],
    ['', ''],
    ['2024-01-31::date', { type: { id: 'date' }, value: '2024-01-31' }],
    ['42::varchar', { type: { id: 'varchar' }, value: '42' }],
    ["'x::date'", 'x::date'],
  ])('%s', (text, value) => {
    expect(parseParameters([text])).toEqual([value]);
  });

  it.each([
    [['a=1', '2'], /not both/],
    [['a=1', 'a=2'], /given twice/],
    [['1::money'], /"money" is not a type/],
  ])('refuses %j', (texts, message) => {
    expect(() => parseParameters(texts)).toThrow(message);
  });
});
