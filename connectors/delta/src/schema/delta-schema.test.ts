import { describe, expect, test } from 'vitest';
import { typeName } from '@tributary/connector-sdk';
import { deltaColumns } from './delta-schema.js';
import { UnknownType } from './unknown-type.js';

const field = (name: string, type: unknown, metadata: object = {}) => ({
  name,
  type,
  nullable: true,
  metadata,
});

function typeOf(type: unknown): string | undefined {
  const [column] = deltaColumns(JSON.stringify({ fields: [field('c', type)] }), [], 'none');
  return column && typeName(column.type);
}

describe('types', () => {
  test.each([
    ['byte', 'TINYINT'],
    ['short', 'SMALLINT'],
    ['integer', 'INTEGER'],
    ['long', 'BIGINT'],
    ['float', 'FLOAT'],
    ['double', 'DOUBLE'],
    ['decimal(38,10)', 'DECIMAL(38,10)'],
    ['decimal( 5 , 2)', 'DECIMAL(5,2)'],
    ['string', 'VARCHAR'],
    ['binary', 'BLOB'],
    ['boolean', 'BOOLEAN'],
    ['date', 'DATE'],
    ['timestamp', 'TIMESTAMP WITH TIME ZONE'],
    ['timestamp_ntz', 'TIMESTAMP'],
    [{ type: 'array', elementType: 'long', containsNull: true }, 'BIGINT[]'],
    [
      { type: 'map', keyType: 'string', valueType: { type: 'array', elementType: 'date' } },
      'MAP(VARCHAR, DATE[])',
    ],
    [{ type: 'struct', fields: [field('a', 'integer')] }, 'STRUCT("a" INTEGER)'],
  ])('%j', (type, expected) => {
    expect(typeOf(type)).toBe(expected);
  });

  test.each(['variant', 'interval day', { type: 'udt' }])('%j is unknown', (type) => {
    expect(() => typeOf(type)).toThrow(UnknownType);
  });
});

test('columns mapped by name and by id, with nested fields', () => {
  const mapped = (id: number, name: string) => ({
    'delta.columnMapping.id': id,
    'delta.columnMapping.physicalName': name,
  });
  const type = { type: 'struct', fields: [field('b', 'integer', mapped(2, 'col-b'))] };
  const schema = JSON.stringify({
    fields: [field('a', type, mapped(1, 'col-a')), field('p', 'date', mapped(3, 'col-p'))],
  });
  const [a, p] = deltaColumns(schema, ['p'], 'id');
  expect(a).toMatchObject({ name: 'a', physicalName: 'col-a', fieldId: 1, isPartition: false });
  expect(a?.type).toEqual({ id: 'struct', fields: [{ name: 'b', type: { id: 'integer' } }] });
  expect(a?.storedType).toEqual({ id: 'struct', fields: [{ name: 'col-b', type: { id: 'integer' } }] });
  expect(p).toMatchObject({ physicalName: 'col-p', isPartition: true });
  expect(deltaColumns(schema, [], 'name')[0]).toMatchObject({ physicalName: 'col-a', fieldId: undefined });
  expect(deltaColumns(schema, [], 'none')[0]).toMatchObject({ physicalName: 'a', fieldId: undefined });
});

test('what people see of a column', () => {
  const fields = [
    { ...field('c', 'string', { __CHAR_VARCHAR_TYPE_STRING: 'char(4)' }), nullable: false },
    field('v', 'void'),
    field('s', {
      type: 'struct',
      fields: [field('m', { type: 'map', keyType: 'string', valueType: 'long' })],
    }),
  ];
  const columns = deltaColumns(JSON.stringify({ fields }), [], 'none');
  expect(columns.map(({ nativeType, nullable, note }) => [nativeType, nullable, note])).toEqual([
    ['char(4)', false, undefined],
    ['void', true, 'holds nothing but NULL'],
    ['struct<m: map<string, long>>', true, undefined],
  ]);
});
