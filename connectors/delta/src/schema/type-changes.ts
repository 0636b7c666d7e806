import { fieldsOf, isFields, textOf } from '../log/json.js';
import { UnknownType } from './unknown-type.js';

/** Whole numbers by width. */
const whole = ['byte', 'short', 'integer', 'long'];
/** Digits before the point that a decimal must have for each of them. */
const wholeDigits = [10, 10, 10, 20];

/**
 * Checks that older files hold nothing but types which this reader makes the newer ones of (Delta protocol, "Type Widening").
 *
 * @param schema a struct, or any part of one
 * @throws UnknownType that names the change
 */
export function checkTypeChanges(schema: unknown): void {
  if (Array.isArray(schema)) {
    for (const part of schema) checkTypeChanges(part);
    return;
  }
  if (!isFields(schema)) return;
  const changes = fieldsOf(schema['metadata'])?.['delta.typeChanges'];
  for (const change of Array.isArray(changes) ? changes : []) {
    const fields = fieldsOf(change) ?? {};
    const [from, to] = [textOf(fields['fromType']) ?? '', textOf(fields['toType']) ?? ''];
    if (!isWidening(from, to)) throw new UnknownType(`${to}, which was ${from} in older files`);
  }
  for (const key of ['fields', 'type', 'elementType', 'keyType', 'valueType']) checkTypeChanges(schema[key]);
}

function isWidening(from: string, to: string): boolean {
  const narrow = whole.indexOf(from);
  const wide = whole.indexOf(to);
  const decimal = decimalOf(to);
  if (narrow >= 0) {
    if (wide >= 0) return wide > narrow;
    if (decimal !== undefined) return decimal.precision - decimal.scale >= (wholeDigits[narrow] ?? 0);
    return to === 'double' && from !== 'long';
  }
  const before = decimalOf(from);
  if (before !== undefined && decimal !== undefined) {
    const scale = decimal.scale - before.scale;
    return scale >= 0 && decimal.precision - before.precision >= scale;
  }
  return (from === 'float' && to === 'double') || (from === 'date' && to === 'timestamp_ntz');
}

function decimalOf(type: string): { readonly precision: number; readonly scale: number } | undefined {
  const [, precision, scale] = /^decimal\((\d+), ?(\d+)\)$/.exec(type) ?? [];
  return precision === undefined ? undefined : { precision: Number(precision), scale: Number(scale) };
}
