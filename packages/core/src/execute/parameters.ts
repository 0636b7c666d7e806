import { type DataType, type ParameterValue, TributaryError, isInteger, typeName } from '@tributary/contract';
import type { ParameterInput, QueryParameters } from '../api.js';
import type { ParameterInfo } from '../plan/federated-plan.js';
import { isTypedParameter } from './typed-parameter.js';

/** DuckDB's own conversion: the value cast to `type`, as text. Rejects where the value does not fit. */
export type CastText = (value: ParameterValue, type: DataType) => Promise<string | null>;

const maxInt32 = 2 ** 31 - 1;
const maxInt64 = 2n ** 63n - 1n;
const maxInt128 = 2n ** 127n - 1n;

/** Parameters as typed literals, by name (`'1'` for `$1`): the types are those of the JavaScript values. */
export function inferParameters(params: QueryParameters | undefined): Map<string, ParameterValue> {
  const entries: (readonly [string, ParameterInput])[] = isPositional(params)
    ? params.map((value, index) => [String(index + 1), value])
    : Object.entries(params ?? {});
  return new Map(entries.map(([name, value]) => [name, inferParameter(name, value)]));
}

/**
 * The parameters that a plan takes, in the plan's types.
 * @throws TributaryError SQL.PARAMETER when one is missing, unknown or does not fit.
 */
export async function coerceParameters(
  given: ReadonlyMap<string, ParameterValue>,
  wanted: readonly ParameterInfo[],
  cast: CastText,
): Promise<Map<string, ParameterValue>> {
  const names = wanted.map((parameter) => parameter.name);
  for (const name of given.keys()) {
    if (!names.includes(name)) {
      throw parameterError(`The statement has no parameter $${name}.`, {
        candidates: names.map((n) => `$${n}`),
      });
    }
  }
  const coerced = new Map<string, ParameterValue>();
  for (const { name, type } of wanted) {
    const value = given.get(name);
    if (value === undefined) throw parameterError(`The parameter $${name} has no value.`);
    coerced.set(name, type === undefined ? value : await coerce(name, value, type, cast));
  }
  return coerced;
}

async function coerce(
  name: string,
  parameter: ParameterValue,
  type: DataType,
  cast: CastText,
): Promise<ParameterValue> {
  if (parameter.value === null || fits(parameter.value, parameter.type, type)) {
    return { type, value: parameter.value };
  }
  try {
    return { type, value: await cast(parameter, type) };
  } catch (cause) {
    throw parameterError(`The value of parameter $${name} does not fit its type ${typeName(type)}.`, {
      cause,
    });
  }
}

const integerBits: Readonly<Partial<Record<DataType['id'], number>>> = {
  tinyint: 7,
  smallint: 15,
  integer: 31,
  bigint: 63,
  hugeint: 127,
  utinyint: 8,
  usmallint: 16,
  uinteger: 32,
  ubigint: 64,
  uhugeint: 128,
};

/** Whether the text is certain to mean the same value in the wanted type, so that nobody need be asked. */
function fits(value: string, given: DataType, wanted: DataType): boolean {
  if (typeName(given) === typeName(wanted)) return true;
  if (!isInteger(given)) return false;
  const integer = BigInt(value);
  const magnitude = integer < 0n ? -integer : integer;
  if (wanted.id === 'double') return magnitude <= BigInt(Number.MAX_SAFE_INTEGER);
  if (wanted.id === 'decimal') return magnitude < 10n ** BigInt(wanted.precision - wanted.scale);
  const bits = integerBits[wanted.id];
  const isUnsigned = wanted.id.startsWith('u');
  return bits !== undefined && magnitude < 1n << BigInt(bits) && !(isUnsigned && integer < 0n);
}

function isPositional(params: QueryParameters | undefined): params is readonly ParameterInput[] {
  return Array.isArray(params);
}

function inferParameter(name: string, input: ParameterInput): ParameterValue {
  if (input === null) return { type: { id: 'null' }, value: null };
  switch (typeof input) {
    case 'boolean':
      return { type: { id: 'boolean' }, value: String(input) };
    case 'string':
      return { type: { id: 'varchar' }, value: input };
    case 'number':
      return numberParameter(input);
    case 'bigint':
      return bigintParameter(name, input);
    case 'object':
      return objectParameter(name, input);
    default:
      throw parameterError(`The value of parameter $${name} is of the unusable kind ${typeof input}.`);
  }
}

function numberParameter(value: number): ParameterValue {
  // -0 is an integer to JavaScript, but only a double keeps its sign.
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    return { type: { id: Math.abs(value) <= maxInt32 ? 'integer' : 'bigint' }, value: String(value) };
  }
  return { type: { id: 'double' }, value: Object.is(value, -0) ? '-0.0' : String(value) };
}

function bigintParameter(name: string, value: bigint): ParameterValue {
  const magnitude = value < 0n ? -value : value;
  if (magnitude > maxInt128)
    throw parameterError(`The integer in parameter $${name} has more than 128 bits.`);
  return { type: { id: magnitude <= maxInt64 ? 'bigint' : 'hugeint' }, value: String(value) };
}

function objectParameter(name: string, value: Date | Uint8Array | ParameterValue): ParameterValue {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw parameterError(`The date in parameter $${name} is invalid.`);
    return { type: { id: 'timestamptz' }, value: timestampText(value) };
  }
  if (value instanceof Uint8Array) return { type: { id: 'blob' }, value: blobText(value) };
  if (isTypedParameter(value)) return value;
  throw parameterError(
    `The value of parameter $${name} is an object of an unknown kind, or its text is none of its type.`,
  );
}

/** `2020-01-31 12:00:00.000+00`; years before 1 as DuckDB writes them, `0044-03-15 (BC) …`. */
function timestampText(date: Date): string {
  const time = date.toISOString().slice(-13, -1);
  const year = date.getUTCFullYear();
  const yearText = String(year > 0 ? year : 1 - year).padStart(4, '0');
  const month = String(date.getUTCMonth() + 1).padStart(2, '0');
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${yearText}-${month}-${day}${year > 0 ? '' : ' (BC)'} ${time}+00`;
}

/** DuckDB's text form of a BLOB, every byte escaped. */
function blobText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  return text;
}

function parameterError(
  message: string,
  details: { readonly candidates?: readonly string[]; readonly cause?: unknown } = {},
): TributaryError {
  return new TributaryError('SQL.PARAMETER', { message, ...details });
}
