import { type DataType, simpleType } from '@tributary/connector-sdk';
import { describe, expect, test } from 'vitest';
import { toClickhouseText } from './value-text.js';

const decimal: DataType = { id: 'decimal', precision: 10, scale: 2 };

describe('numbers and truths, which stand without quotes', () => {
  test.each([
    [simpleType('bigint'), '-9223372036854775808'],
    [simpleType('utinyint'), '7'],
    [decimal, '-12.50'],
    [simpleType('double'), '1e+20'],
    [simpleType('double'), 'nan'],
    [simpleType('double'), '-inf'],
    [simpleType('boolean'), 'true'],
    [simpleType('boolean'), 'false'],
    [simpleType('date'), '2024-02-29'],
  ])('%o %s', (type, text) => {
    expect(toClickhouseText(type, text)).toBe(text);
  });

  test.each([
    [simpleType('bigint'), '1 OR 1=1'],
    [simpleType('integer'), '1],[2'],
    [simpleType('integer'), '1.5'],
    [simpleType('integer'), ''],
    [simpleType('hugeint'), '(SELECT 1)'],
    [decimal, '1.5 -- '],
    [decimal, '.'],
    [simpleType('double'), ''],
    [simpleType('float'), '1 OR 1=1'],
    [simpleType('boolean'), 'true OR 1=1'],
    [simpleType('date'), "2024-01-01' OR '1'='1"],
    [simpleType('timestamptz'), "2024-01-01 00:00:00' OR '1'='1+00"],
  ])('nothing else passes: %o %s', (type, text) => {
    expect(toClickhouseText(type, text)).toBeUndefined();
  });
});
