import { simpleType } from '@tributary/connector-sdk';
import { expect, test } from 'vitest';
import { bindValues } from './bind-values.js';

const text = simpleType('varchar');

test('parameters are fields of their own', () => {
  const bound = bindValues({
    sql: 'SELECT {p1:Nullable(String)}, {p2:Nullable(String)}, {p3:Nullable(Int32)}',
    values: [
      { kind: 'parameter', type: text, value: "a\\b\tc'" },
      { kind: 'parameter', type: text, value: null },
      { kind: 'parameter', type: simpleType('date'), value: '1970-01-11' },
    ],
  });
  expect(bound.parts.map((part) => [part.name, part.text])).toEqual([
    ['param_p1', "a\\\\b\\tc'"],
    ['param_p2', '\\N'],
    ['param_p3', '10'],
  ]);
});

test('a value that ClickHouse lacks is an error', () => {
  const interval = { kind: 'parameter', type: simpleType('interval'), value: '1 day' } as const;
  expect(() => bindValues({ sql: '', values: [interval] })).toThrow(
    'no value for a parameter of type INTERVAL',
  );
});

test('few keys are an array in a field, without those that ClickHouse lacks', () => {
  const { sql, parts } = bindValues({
    sql: 'SELECT {p1:Array(Date32)}',
    values: [{ kind: 'keys', type: simpleType('date'), values: ['2020-01-01', '0001-01-01', '2020-01-02'] }],
  });
  expect(sql).toBe('SELECT {p1:Array(Date32)}');
  expect(parts).toEqual([{ name: 'param_p1', text: "['2020-01-01','2020-01-02']", isTable: false }]);
});

test('many keys are a table', () => {
  const values = Array.from({ length: 30_000 }, (_, i) => String(i));
  const { sql, parts, settings } = bindValues({
    sql: 'SELECT * FROM t WHERE a IN {p1:Array(Int64)} AND b IN {p2:Array(Int64)}',
    values: [
      { kind: 'keys', type: simpleType('bigint'), values: ['1'] },
      { kind: 'keys', type: simpleType('bigint'), values },
    ],
  });
  expect(sql).toBe(
    'SELECT * FROM t WHERE a IN {p1:Array(Int64)} AND b IN (SELECT arrayJoin(keys) FROM keys_p2)',
  );
  expect(parts.map(({ name, isTable }) => [name, isTable])).toEqual([
    ['param_p1', false],
    ['keys_p2', true],
  ]);
  expect(settings).toEqual({ keys_p2_structure: 'keys Array(Int64)', keys_p2_format: 'TSV' });
});

test('what stands in quotes is no placeholder, even beside many keys', () => {
  const values = Array.from({ length: 30_000 }, (_, i) => String(i));
  const quoted = String.raw`'{p1:x}', 'it\'s {p1:y}', '\\', ` + '`{p1:z}`, `a\\`{p1:z}`';
  const { sql } = bindValues({
    sql: `SELECT ${quoted} FROM t WHERE a IN {p1:Array(Int64)} AND b = '{p1:x}'`,
    values: [{ kind: 'keys', type: simpleType('bigint'), values }],
  });
  expect(sql).toBe(
    `SELECT ${quoted} FROM t WHERE a IN (SELECT arrayJoin(keys) FROM keys_p1) AND b = '{p1:x}'`,
  );
});

test('a field is measured in bytes', () => {
  const { parts } = bindValues({
    sql: 'SELECT * FROM t WHERE a IN {p1:Array(String)}',
    values: [{ kind: 'keys', type: text, values: ['é'.repeat(60_000)] }],
  });
  expect(parts.map(({ isTable }) => isTable)).toEqual([true]);
});

test('what is no number does not get among the keys', () => {
  const { parts } = bindValues({
    sql: 'SELECT * FROM t WHERE a IN {p1:Array(Int64)}',
    values: [{ kind: 'keys', type: simpleType('bigint'), values: ['1', '2],[3', '4'] }],
  });
  expect(parts.map((part) => part.text)).toEqual(['[1,4]']);
});
