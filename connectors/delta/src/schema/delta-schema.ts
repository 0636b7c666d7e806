import { type DataType, decimalType, simpleType } from '@tributary/connector-sdk';
import { type Fields, fieldsOf, isFields, numberOf, textOf } from '../log/json.js';
import { checkTypeChanges } from './type-changes.js';
import { UnknownType } from './unknown-type.js';

/** A column as a table's metadata has it. */
export interface DeltaColumn {
  readonly name: string;
  readonly type: DataType;
  /** The same with nested fields by their names in files. */
  readonly storedType: DataType;
  /** The same with nested fields by their ids, where columns are mapped by them. */
  readonly typeById: DataType | undefined;
  /** As Delta calls it. */
  readonly nativeType: string;
  readonly nullable: boolean;
  /** The name in files, in partition values and in statistics. */
  readonly physicalName: string;
  /** Parquet's field id, where columns are mapped by it. */
  readonly fieldId: number | undefined;
  readonly isPartition: boolean;
  /** Whether older files hold a narrower float: their statistics are shortest decimal texts of another type. */
  readonly wasFloat: boolean;
  readonly note: string | undefined;
}

export type MappingMode = 'none' | 'name' | 'id';

const simple: ReadonlyMap<string, DataType> = new Map([
  ['byte', simpleType('tinyint')],
  ['short', simpleType('smallint')],
  ['integer', simpleType('integer')],
  ['long', simpleType('bigint')],
  ['float', simpleType('float')],
  ['double', simpleType('double')],
  ['string', simpleType('varchar')],
  ['binary', simpleType('blob')],
  ['boolean', simpleType('boolean')],
  ['date', simpleType('date')],
  ['timestamp', simpleType('timestamptz')],
  ['timestamp_ntz', simpleType('timestamp')],
  // Never stored: every value is NULL.
  ['void', simpleType('integer')],
]);

/**
 * The columns of a `schemaString` (Delta protocol, "Schema Serialization Format").
 *
 * @throws UnknownType, SyntaxError
 */
export function deltaColumns(
  schemaString: string,
  partitionColumns: readonly string[],
  mode: MappingMode,
): readonly DeltaColumn[] {
  const schema: unknown = JSON.parse(schemaString);
  checkTypeChanges(schema);
  const partitions = new Set(partitionColumns);
  const physical = mode === 'none' ? displayName : physicalName;
  return structFields(schema).map((field) => {
    const name = displayName(field);
    const metadata = fieldsOf(field['metadata']) ?? {};
    const nativeType = nameOf(field['type']);
    return {
      name,
      type: typeOf(field['type'], displayName),
      storedType: typeOf(field['type'], physical),
      typeById: mode === 'id' ? typeOf(field['type'], (inner) => String(idOf(inner) ?? '')) : undefined,
      nativeType: textOf(metadata['__CHAR_VARCHAR_TYPE_STRING']) ?? nativeType,
      nullable: field['nullable'] !== false,
      physicalName: physical(field),
      fieldId: mode === 'id' ? idOf(field) : undefined,
      isPartition: partitions.has(name),
      wasFloat: hasChangedFrom('float', metadata),
      note: nativeType === 'void' ? 'holds nothing but NULL' : undefined,
    };
  });
}

function displayName(field: Fields): string {
  return textOf(field['name']) ?? '';
}

/** The name of a top-level or nested field in files, where columns are mapped. */
function physicalName(field: Fields): string {
  return textOf(fieldsOf(field['metadata'])?.['delta.columnMapping.physicalName']) ?? displayName(field);
}

function idOf(field: Fields): number | undefined {
  return numberOf(fieldsOf(field['metadata'])?.['delta.columnMapping.id']);
}

function structFields(type: unknown): readonly Fields[] {
  const fields = fieldsOf(type)?.['fields'];
  if (!Array.isArray(fields)) throw new UnknownType('a schema without fields');
  return fields.filter(isFields);
}

/** @param nameOfField what nested fields are called in the type */
function typeOf(type: unknown, nameOfField: (field: Fields) => string): DataType {
  if (typeof type === 'string') {
    const decimal = /^decimal\( ?(\d{1,2}) ?, ?(\d{1,2}) ?\)$/.exec(type);
    if (decimal !== null) return decimalType(Number(decimal[1]), Number(decimal[2]));
    if (type === 'decimal') return decimalType(10, 0);
    const found = simple.get(type);
    if (found !== undefined) return found;
    throw new UnknownType(type);
  }
  const fields = fieldsOf(type) ?? {};
  switch (fields['type']) {
    case 'struct':
      return {
        id: 'struct',
        fields: structFields(type).map((field) => ({
          name: nameOfField(field),
          type: typeOf(field['type'], nameOfField),
        })),
      };
    case 'array':
      return { id: 'list', element: typeOf(fields['elementType'], nameOfField) };
    case 'map':
      return {
        id: 'map',
        key: typeOf(fields['keyType'], nameOfField),
        value: typeOf(fields['valueType'], nameOfField),
      };
    default:
      throw new UnknownType(nameOf(type));
  }
}

function nameOf(type: unknown): string {
  if (typeof type === 'string') return type;
  const fields = fieldsOf(type) ?? {};
  switch (fields['type']) {
    case 'struct':
      return `struct<${structFields(type)
        .map((field) => `${textOf(field['name']) ?? ''}: ${nameOf(field['type'])}`)
        .join(', ')}>`;
    case 'array':
      return `array<${nameOf(fields['elementType'])}>`;
    case 'map':
      return `map<${nameOf(fields['keyType'])}, ${nameOf(fields['valueType'])}>`;
    default:
      return JSON.stringify(type);
  }
}

function hasChangedFrom(from: string, metadata: Fields): boolean {
  const changes = metadata['delta.typeChanges'];
  return Array.isArray(changes) && changes.some((change) => fieldsOf(change)?.['fromType'] === from);
}
