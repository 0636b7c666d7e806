import { type DataType, simpleType } from '@tributary/connector-sdk';
import { describe, expect, test } from 'vitest';
import { toMySqlText } from './value-text.js';

const decimal: DataType = { id: 'decimal', precision: 10, scale: 2 };

describe('numbers and truths, which stand without quotes', () => {
  test.each([
    [simpleType('bigint'), '-9223372036854775808', '-9223372036854775808'],
    [simpleType('utinyint'), '+7', '+7'],
    [decimal, '-12.50', '-12.50'],
    [decimal, '.5', '.5'],
    [decimal, '5.', '5.'],
    [simpleType('double'), '1e+20', '1.0000000000000000E20'],
    [simpleType('double'), '-0.5', '-5.0000000000000000E-1'],
    [simpleType('boolean'), 'true', 'TRUE'],
    [simpleType('boolean'), 'false', 'FALSE'],
  ])('%o %s', (type, text, expected) => {
    expect(toMySqlText(type, text)).toBe(expected);
  });

  test.each([
    [simpleType('bigint'), '1 OR 1=1'],
    [simpleType('integer'), '1; DROP TABLE t'],
    [simpleType('integer'), '1\n'],
    [simpleType('integer'), ''],
    [simpleType('integer'), '0x10'],
    [simpleType('hugeint'), '(SELECT 1)'],
    [simpleType('uhugeint'), '1'],
    [decimal, '1.5 -- '],
    [decimal, '.'],
    [decimal, '1e5'],
    [simpleType('double'), ''],
    [simpleType('double'), '0x10'],
    [simpleType('float'), '1 OR 1=1'],
    [simpleType('double'), 'nan'],
    [simpleType('double'), 'inf'],
    [simpleType('boolean'), '1 OR 1=1'],
    [simpleType('boolean'), ''],
    [simpleType('date'), "2024-01-01' OR '1'='1"],
    [simpleType('timestamp'), "2024-01-01 00:00:00' OR '1'='1"],
    [simpleType('timestamptz'), "2024-01-01 00:00:00' OR '1'='1+00"],
  ])('nothing else passes: %o %s', (type, text) => {
    expect(toMySqlText(type, text)).toBeUndefined();
  });
});

test('bytes are hex, whatever they are', () => {
  expect(toMySqlText(simpleType('blob'), String.raw`a'\x00`)).toBe('612700');
});
