import {
  type DataType,
  type ParameterValue,
  type SimpleTypeId,
  isExactNumber,
  isFloat,
  isInteger,
} from '@tributary/contract';

const simpleIds: ReadonlySet<unknown> = new Set([
  'null',
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'hugeint',
  'utinyint',
  'usmallint',
  'uinteger',
  'ubigint',
  'uhugeint',
  'float',
  'double',
  'varchar',
  'json',
  'blob',
  'bit',
  'uuid',
  'date',
  'time',
  'timetz',
  'timestamp',
  'timestamp_s',
  'timestamp_ms',
  'timestamp_ns',
  'timestamptz',
  'interval',
] satisfies SimpleTypeId[]);

const integerText = /^[+-]?\d+$/;
const decimalText = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;
const floatText = /^[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|nan|inf|infinity)$/i;

/**
 * Whether this is a parameter that says its type. It may have come out of somebody's JSON, and type names and numbers are
 * written into statements: nothing of it is believed unseen.
 */
export function isTypedParameter(value: object): value is ParameterValue {
  if (!('type' in value && 'value' in value) || !isDataType(value.type)) return false;
  return value.value === null || (typeof value.value === 'string' && hasForm(value.value, value.type));
}

function hasForm(text: string, type: DataType): boolean {
  if (isInteger(type)) return integerText.test(text);
  if (isExactNumber(type)) return decimalText.test(text);
  if (isFloat(type)) return floatText.test(text);
  return type.id === 'boolean' ? text === 'true' || text === 'false' : true;
}

function isDataType(value: unknown): value is DataType {
  if (!isRecord(value)) return false;
  switch (value['id']) {
    case 'decimal':
      return Number.isInteger(value['precision']) && Number.isInteger(value['scale']);
    case 'enum':
      return isListOf(value['values'], (item) => typeof item === 'string');
    case 'list':
      return isDataType(value['element']);
    case 'array':
      return isDataType(value['element']) && Number.isInteger(value['size']);
    case 'struct':
      return isListOf(
        value['fields'],
        (field) => isRecord(field) && typeof field['name'] === 'string' && isDataType(field['type']),
      );
    case 'map':
      return isDataType(value['key']) && isDataType(value['value']);
    default:
      return simpleIds.has(value['id']);
  }
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
