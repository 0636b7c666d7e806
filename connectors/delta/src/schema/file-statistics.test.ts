import { describe, expect, test } from 'vitest';
import type { AddFile } from '../log/actions.js';
import { deltaColumns } from './delta-schema.js';
import { fileStatistics } from './file-statistics.js';

function statisticsOf(stats: AddFile['stats'], type: unknown = 'integer', metadata: object = {}) {
  const schema = JSON.stringify({ fields: [{ name: 'c', type, nullable: true, metadata }] });
  const add: AddFile = {
    path: 'a',
    size: 1,
    modificationTime: 0,
    partitionValues: new Map(),
    stats,
    deletionVector: undefined,
  };
  return fileStatistics(add, deltaColumns(schema, [], 'none'));
}

function boundsOf(type: string, min: string, max = min, metadata: object = {}) {
  const stats = `{"numRecords":2,"minValues":{"c":${min}},"maxValues":{"c":${max}},"nullCount":{"c":0}}`;
  const { min: low, max: high } = statisticsOf(stats, type, metadata)?.columns.get('c') ?? {};
  return [low, high];
}

describe('bounds', () => {
  test.each([
    ['long', '-9223372036854775808', '9007199254740993', '-9223372036854775808', '9007199254740993'],
    ['decimal(10,2)', '-1.5', '12345678.91', '-1.5', '12345678.91'],
    ['date', '"1970-01-01"', '"9999-12-31"', '1970-01-01', '9999-12-31'],
    ['string', '"a"', '"ü"', 'a', 'ü'],
    [
      'timestamp',
      '"1970-01-01T00:00:00.123Z"',
      '"1970-01-01T00:00:00.123Z"',
      '1970-01-01 00:00:00.123000+00',
      '1970-01-01 00:00:00.123999+00',
    ],
    [
      'timestamp',
      '"2020-01-01T00:00:00.000-08:00"',
      '"2020-01-01T00:00:00+01:00"',
      '2020-01-01 08:00:00.000000+00',
      '2019-12-31 23:00:00.000999+00',
    ],
    [
      'timestamp_ntz',
      '"2020-01-01T00:00:00.1"',
      '"2020-01-01T00:00:00.123456"',
      '2020-01-01 00:00:00.100000',
      '2020-01-01 00:00:00.123999',
    ],
    // A checkpoint's struct has microseconds, of what JSON had cut.
    [
      'timestamp',
      '"2020-01-01T00:00:00.123000Z"',
      '"2020-01-01T00:00:00.123000Z"',
      '2020-01-01 00:00:00.123000+00',
      '2020-01-01 00:00:00.123999+00',
    ],
    [
      'timestamp_ntz',
      '"2024-01-01"',
      '"2024-01-01"',
      '2024-01-01 00:00:00.000000',
      '2024-01-01 00:00:00.000999',
    ],
  ])('%s from %s to %s', (type, min, max, low, high) => {
    expect(boundsOf(type, min, max)).toEqual([low, high]);
  });

  test.each([
    ['double', '0.5', '1.5', '0.5', undefined],
    ['float', '"NaN"', '"NaN"', undefined, undefined],
    ['string', `"${'a'.repeat(32)}"`, `"${'a'.repeat(32)}"`, 'a'.repeat(32), undefined],
    ['string', '"a"', '"a\u{10FFFF}"', 'a', undefined],
    ['string', '"a\\ud83d"', '"b"', undefined, 'b'],
    ['string', '"a\u{FFFD}"', '"b\u{FFFD}c"', undefined, undefined],
    ['decimal(16,2)', '1.25', '1.25', undefined, undefined],
    ['decimal(10,2)', '1.25E3', '1.255', undefined, undefined],
    ['long', '1.0E10', '1e3', undefined, undefined],
    ['date', '"1500-01-01"', '"+10000-01-01"', undefined, undefined],
    ['timestamp_ntz', '"2020-01-01T00:00:00+01:00"', '"1400-01-01T00:00:00"', undefined, undefined],
    ['binary', '"x"', '"x"', undefined, undefined],
    ['boolean', 'true', 'false', undefined, undefined],
  ])('that lie are left out: %s from %s to %s', (type, min, max, low, high) => {
    expect(boundsOf(type, min, max)).toEqual([low, high]);
  });

  test('of a float that has become a double', () => {
    const changes = [{ fromType: 'float', toType: 'double' }];
    expect(boundsOf('double', '-0.1', '1', { 'delta.typeChanges': changes })).toEqual([undefined, undefined]);
  });
});

describe('counts', () => {
  test.each([
    ['tight', '{"numRecords":4,"nullCount":{"c":3}}', 3],
    ['wide: some', '{"numRecords":4,"tightBounds":false,"nullCount":{"c":3}}', undefined],
    ['wide: none', '{"numRecords":4,"tightBounds":false,"nullCount":{"c":0}}', 0],
    ['wide: all', '{"numRecords":4,"tightBounds":false,"nullCount":{"c":4}}', 4],
    ['not said', '{"numRecords":4}', undefined],
  ])('of NULLs: %s', (_, stats, nulls) => {
    expect(statisticsOf(stats)).toMatchObject({ rows: 4 });
    expect(statisticsOf(stats)?.columns.get('c')?.nulls).toBe(nulls);
  });

  test('whether bounds are of rows that are there', () => {
    expect(statisticsOf('{"numRecords":4}')?.tight).toBe(true);
    expect(statisticsOf('{"numRecords":4,"tightBounds":false}')).not.toHaveProperty('tight');
  });

  test.each([undefined, '', 'no JSON', '{}', '{"numRecords":-1}', '[]'])('%j says nothing', (stats) => {
    expect(statisticsOf(stats)).toBeUndefined();
  });

  test('a checkpoint’s struct', () => {
    const stats = { numRecords: 2n, minValues: { c: 1 }, maxValues: { c: 2n }, nullCount: { c: 0n } };
    expect(statisticsOf(stats)?.columns.get('c')).toEqual({ min: '1', max: '2', nulls: 0 });
  });
});
