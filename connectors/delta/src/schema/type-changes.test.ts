import { expect, test } from 'vitest';
import { checkTypeChanges } from './type-changes.js';

function schemaWith(fromType: string, toType: string): object {
  const inner = { name: 'x', type: toType, metadata: { 'delta.typeChanges': [{ fromType, toType }] } };
  const list = { type: 'array', elementType: { type: 'struct', fields: [inner] } };
  return { type: 'struct', fields: [{ name: 'c', type: list, metadata: {} }] };
}

test.each([
  ['byte', 'long'],
  ['short', 'integer'],
  ['integer', 'double'],
  ['float', 'double'],
  ['date', 'timestamp_ntz'],
  ['integer', 'decimal(10,0)'],
  ['long', 'decimal(22,2)'],
  ['decimal(5,2)', 'decimal(7,4)'],
])('%s became %s', (from, to) => {
  expect(() => checkTypeChanges(schemaWith(from, to))).not.toThrow();
});

test.each([
  ['long', 'integer'],
  ['long', 'double'],
  ['double', 'float'],
  ['string', 'binary'],
  ['date', 'timestamp'],
  ['integer', 'decimal(9,0)'],
  ['long', 'decimal(20,2)'],
  ['decimal(5,2)', 'decimal(6,4)'],
  ['decimal(5,2)', 'decimal(9,1)'],
])('%s cannot have become %s', (from, to) => {
  expect(() => checkTypeChanges(schemaWith(from, to))).toThrow(`${to}, which was ${from}`);
});
