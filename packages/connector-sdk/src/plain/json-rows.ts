import type { DataType } from '@tributary/contract/plan';
import type { Row, Value } from '../results/answer.js';
import type { AnswerColumn } from '../results/wire-columns.js';

/**
 * Objects, as `JSON.parse` makes them, as rows: each column's value by the column's name; an absent one is NULL. What a column of
 * type JSON, STRUCT or MAP holds becomes JSON text.
 */
export function jsonRows(objects: readonly object[], columns: readonly AnswerColumn[]): readonly Row[] {
  return objects.map((object) =>
    columns.map(({ name, type }) => {
      const value: unknown = Object.hasOwn(object, name) ? Reflect.get(object, name) : null;
      return valueOf(value, type);
    }),
  );
}

function valueOf(value: unknown, type: DataType): Value {
  if (value === null || value === undefined) return null;
  if (type.id === 'json' || type.id === 'struct' || type.id === 'map') return JSON.stringify(value);
  if (type.id === 'list' && Array.isArray(value)) return value.map((each) => valueOf(each, type.element));
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'bigint':
    case 'string':
      return value;
    default:
      return value instanceof Date || value instanceof Uint8Array ? value : JSON.stringify(value);
  }
}
