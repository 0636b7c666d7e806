import { typeName } from '@tributary/contract/plan';
import { describe, expect, test } from 'vitest';
import { mapType } from './column-type.js';
import type { NativeType } from './native-type.js';

function native(name: string, more: Partial<NativeType> = {}): NativeType {
  return {
    name,
    builtin: true,
    isArray: false,
    isEnum: false,
    modifier: -1,
    labels: [],
    deterministic: true,
    ...more,
  };
}

/** As numeric.c packs them. */
function modifier(precision: number, scale: number): number {
  return ((precision << 16) | (scale & 0x7ff)) + 4;
}

describe('numeric', () => {
  test.each([
    [15, 2, 'DECIMAL(15,2)'],
    [38, 38, 'DECIMAL(38,38)'],
    [39, 0, 'VARCHAR'],
    [3, 5, 'DECIMAL(5,5)'],
    [5, -2, 'DECIMAL(7,0)'],
    [38, -1, 'VARCHAR'],
    [1000, 1000, 'VARCHAR'],
  ])('(%i,%i) is %s', (precision, scale, expected) => {
    expect(
      typeName(mapType(native('numeric', { modifier: modifier(precision, scale) }), 'decimal').type),
    ).toBe(expected);
  });

  test.each([
    ['decimal', 'DECIMAL(38,16)', false],
    ['double', 'DOUBLE', true],
    ['varchar', 'VARCHAR', false],
  ] as const)('without precision, as %s', (option, expected, merges) => {
    const mapped = mapType(native('numeric'), option);
    expect([typeName(mapped.type), mapped.merges]).toEqual([expected, merges]);
    expect(mapped.note).toBeDefined();
  });
});

describe('other types', () => {
  test('a type of the same name that is not PostgreSQL’s own is text', () => {
    expect(mapType(native('int4', { builtin: false }), 'decimal')).toMatchObject({
      form: 'text',
      type: { id: 'varchar' },
    });
  });

  test('text under a collation that calls different bytes equal', () => {
    expect(mapType(native('text', { deterministic: false }), 'decimal')).toMatchObject({
      form: 'binary-collation',
      comparison: 'ordered',
    });
  });

  test('an array of what needs another form is text as a whole', () => {
    expect(mapType(native('jsonb', { isArray: true }), 'decimal')).toMatchObject({
      form: 'text',
      type: { id: 'varchar' },
    });
    expect(typeName(mapType(native('int4', { isArray: true }), 'decimal').type)).toBe('INTEGER[]');
  });
});
