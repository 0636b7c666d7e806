import { type DataType, simpleType } from '@tributary/contract/plan';
import { describe, expect, test } from 'vitest';
import { toPostgresText } from './value-text.js';

describe("from DuckDB's text to PostgreSQL's", () => {
  const cases: readonly (readonly [Parameters<typeof simpleType>[0], string, string | undefined])[] = [
    ['double', 'nan', 'NaN'],
    ['double', '-inf', '-Infinity'],
    ['double', '1e-300', '1e-300'],
    ['varchar', 'a\0b', undefined],
    ['blob', String.raw`a\x00\xFF`, String.raw`\x6100ff`],
    ['blob', '', String.raw`\x`],
    ['date', '0044-03-15 (BC)', '0044-03-15 BC'],
    ['date', '4714-01-01 (BC)', undefined],
    ['date', '-infinity', '-infinity'],
    ['date', '5874898-01-01', undefined],
    ['timestamp', '0044-03-15 (BC) 01:02:03', '0044-03-15 01:02:03 BC'],
    ['timestamptz', '2020-01-01 00:00:00+00', '2020-01-01 00:00:00+00'],
    ['interval', '1 year 2 months -3 days 04:05:06.7', '14 mons -3 days 14706700000 microseconds'],
    ['utinyint', '1', undefined],
    ['json', '{}', undefined],
  ];

  test.each(cases)('%s %s', (id, text, expected) => {
    expect(toPostgresText(simpleType(id), text)).toBe(expected);
  });

  test('what PostgreSQL has no type for has no text', () => {
    const types: readonly DataType[] = [
      { id: 'list', element: { id: 'integer' } },
      { id: 'struct', fields: [] },
      { id: 'map', key: { id: 'integer' }, value: { id: 'integer' } },
    ];
    expect(types.map((type) => toPostgresText(type, ''))).toEqual([undefined, undefined, undefined]);
  });
});
