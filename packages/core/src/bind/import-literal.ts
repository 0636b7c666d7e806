import { type DataType, type Literal, literal } from '@tributary/contract/plan';
import { type JsonObject, Unimportable, isObject, objectAt } from './json.js';
import { importType } from './import-type.js';

/** A `Value` of the plan as a literal in DuckDB's text form. */
export function importLiteral(value: JsonObject): Literal {
  const type = importType(objectAt(value, 'type'));
  if (value['is_null'] === true) return literal(type, null);
  return literal(type, literalText(type, value['value']));
}

function literalText(type: DataType, raw: unknown): string {
  switch (type.id) {
    case 'boolean':
      if (typeof raw === 'boolean') return String(raw);
      break;
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'hugeint':
    case 'utinyint':
    case 'usmallint':
    case 'uinteger':
    case 'ubigint':
    case 'uhugeint':
      return integerOf(raw).toString();
    case 'decimal':
      return scaledText(integerOf(raw), type.scale);
    case 'float':
    case 'double':
      if (typeof raw === 'bigint') return raw.toString();
      if (typeof raw === 'number') return Object.is(raw, -0) ? '-0.0' : String(raw);
      break;
    case 'varchar':
    case 'json':
      if (typeof raw === 'string') return raw;
      break;
    case 'null':
    case 'enum':
    case 'list':
    case 'array':
    case 'struct':
    case 'map':
    case 'blob':
    case 'bit':
    case 'uuid':
    case 'date':
    case 'time':
    case 'timetz':
    case 'timestamp':
    case 'timestamp_s':
    case 'timestamp_ms':
    case 'timestamp_ns':
    case 'timestamptz':
    case 'interval':
      // The binder writes these as casts from text; a ready-made value only comes out of DuckDB's own folding.
      break;
  }
  throw new Unimportable(`a constant of type ${type.id}`);
}

/** 128-bit integers come as two 64-bit halves, the upper one signed. */
function integerOf(raw: unknown): bigint {
  if (typeof raw === 'bigint') return raw;
  if (typeof raw === 'number' && Number.isSafeInteger(raw)) return BigInt(raw);
  if (isObject(raw)) return (integerOf(raw['upper']) << 64n) + integerOf(raw['lower']);
  throw new Unimportable(`an integer constant written as ${JSON.stringify(raw)}`);
}

/** `-105` at scale 2 is `-1.05`. */
function scaledText(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
