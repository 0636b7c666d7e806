/** DuckDB's serialised plan: JSON whose form only this folder knows. */
export type JsonObject = { readonly [key: string]: unknown };

/**
 * The plan holds something that the IR has no word for. Not an error of the user's: the statement then takes the
 * scan-only path and EXPLAIN gives this reason.
 */
export class Unimportable extends Error {
  override readonly name = 'Unimportable';
}

function asObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new Unimportable(`expected an object in the plan, found ${JSON.stringify(value)}`);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(node: JsonObject, key: string): JsonObject {
  return asObject(node[key]);
}

export function stringAt(node: JsonObject, key: string): string {
  const value = node[key];
  if (typeof value === 'string') return value;
  throw new Unimportable(`expected text at "${key}" in the plan`);
}

export function numberAt(node: JsonObject, key: string): number {
  const value = node[key];
  if (typeof value === 'number') return value;
  throw new Unimportable(`expected a number at "${key}" in the plan`);
}

export function arrayAt(node: JsonObject, key: string): readonly unknown[] {
  const value: unknown = node[key];
  if (Array.isArray(value)) return value;
  throw new Unimportable(`expected a list at "${key}" in the plan`);
}

export function objectsAt(node: JsonObject, key: string): readonly JsonObject[] {
  return arrayAt(node, key).map(asObject);
}

/** DuckDB writes its "no such index" (2^64 - 1) as a bare number; it stands in every plan. */
const sentinel = '18446744073709551615';
/** Integers that lose digits in a double; the sentinel only where it is part of a constant. */
const longNumber =
  /"(?:value|lower|upper)":\s*18446744073709551615|[:[,\s]-?(?!18446744073709551615(?!\d))\d{16,}/;

/**
 * Parses a plan; integers that a double cannot hold become bigints. Only a plan that has one pays for it.
 */
export function parsePlanJson(text: string): JsonObject {
  return asObject(longNumber.test(text) ? JSON.parse(text, reviveExactInteger) : JSON.parse(text));
}

function reviveExactInteger(key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  const isConstant = key === 'value' || key === 'lower' || key === 'upper';
  if (source === undefined || !/^-?\d+$/.test(source) || (source === sentinel && !isConstant)) return value;
  return BigInt(source);
}
