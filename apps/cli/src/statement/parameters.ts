import { type DataType, type SimpleTypeId, decimalType } from '@tributary/contract';
import type { ParameterInput, QueryParameters } from '@tributary/core';
import { UsageError } from '../errors/usage-error.js';

const typed = /^(.*)::([a-z_]+)$/is;
const integer = /^[+-]?\d{1,38}$/;
const decimal = /^([+-]?)(\d*)\.(\d+)$/;

/** Types that a value can be given with `::`. */
const typeIds: ReadonlySet<string> = new Set<SimpleTypeId>([
  'boolean',
  'smallint',
  'integer',
  'bigint',
  'hugeint',
  'float',
  'double',
  'varchar',
  'json',
  'uuid',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
]);

export const parameterHelp = `Parameters: --param name=value fills $name, --param value fills $1, $2 ... in order.
  A value is null, true, false, a number, or else text. Quotes make it text whatever it
  looks like ('42'), and ::type gives it a type (2024-01-31::date).`;

/**
 * Values of `--param` options, all named or all positional.
 * @throws UsageError
 */
export function parseParameters(texts: readonly string[]): QueryParameters {
  const parts = texts.map(splitName);
  const named = parts.flatMap(({ name, value }) =>
    name === undefined ? [] : [[name, parseValue(value)] as const],
  );
  if (named.length === 0) return parts.map(({ value }) => parseValue(value));
  if (named.length < parts.length) {
    throw new UsageError(
      '--param takes either names (--param since=2024-01-01) or positions (--param 2024-01-01), not both.',
    );
  }
  const duplicate = named.find(([name], index) => named.some(([other], i) => i > index && other === name));
  if (duplicate !== undefined) throw new UsageError(`--param ${duplicate[0]} is given twice.`);
  return Object.fromEntries(named);
}

function splitName(text: string): { readonly name: string | undefined; readonly value: string } {
  const match = /^\$?(\w+)=(.*)$/s.exec(text);
  return match === null ? { name: undefined, value: text } : { name: match[1], value: match[2] ?? '' };
}

function parseValue(text: string): ParameterInput {
  const quotedText = /^'(.*)'$/s.exec(text);
  if (quotedText !== null) return (quotedText[1] ?? '').replaceAll("''", "'");
  const typedText = typed.exec(text);
  if (typedText !== null) return typedValue(typedText[1] ?? '', (typedText[2] ?? '').toLowerCase());
  return untypedValue(text);
}

function typedValue(value: string, type: string): ParameterInput {
  if (!isTypeId(type)) {
    throw new UsageError(`"${type}" is not a type for a parameter. Types: ${[...typeIds].join(', ')}.`);
  }
  return { type: { id: type }, value: value.replace(/^'(.*)'$/s, '$1') };
}

function isTypeId(type: string): type is SimpleTypeId {
  return typeIds.has(type);
}

function untypedValue(text: string): ParameterInput {
  switch (text.toLowerCase()) {
    case 'null':
      return null;
    case 'true':
      return true;
    case 'false':
      return false;
    default:
      return numberOrText(text);
  }
}

/** Decimals stay decimals: a double would change them. */
function numberOrText(text: string): ParameterInput {
  if (integer.test(text)) return BigInt(text.replace(/^\+/, ''));
  const type = decimalTypeOf(text);
  if (type !== undefined) return { type, value: text };
  return text.trim() !== '' && /^[+-]?\d/.test(text) && Number.isFinite(Number(text)) ? Number(text) : text;
}

function decimalTypeOf(text: string): DataType | undefined {
  const match = decimal.exec(text);
  if (match === null) return undefined;
  const [, , whole = '', fraction = ''] = match;
  const precision = Math.max(whole.length + fraction.length, 1);
  return precision <= 38 ? decimalType(precision, fraction.length) : undefined;
}
