import { type DataType, type SimpleTypeId, simpleType } from '@tributary/contract/plan';
import { type JsonObject, Unimportable, isObject, numberAt, objectAt, objectsAt, stringAt } from './json.js';

const simpleTypes: Readonly<Record<string, SimpleTypeId>> = {
  NULL: 'null',
  BOOLEAN: 'boolean',
  TINYINT: 'tinyint',
  SMALLINT: 'smallint',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  HUGEINT: 'hugeint',
  UTINYINT: 'utinyint',
  USMALLINT: 'usmallint',
  UINTEGER: 'uinteger',
  UBIGINT: 'ubigint',
  UHUGEINT: 'uhugeint',
  FLOAT: 'float',
  DOUBLE: 'double',
  VARCHAR: 'varchar',
  BLOB: 'blob',
  BIT: 'bit',
  UUID: 'uuid',
  DATE: 'date',
  TIME: 'time',
  'TIME WITH TIME ZONE': 'timetz',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp_s',
  TIMESTAMP_MS: 'timestamp_ms',
  TIMESTAMP_NS: 'timestamp_ns',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  INTERVAL: 'interval',
};

/** A `LogicalType` of the plan as a type of the IR. */
export function importType(node: JsonObject): DataType {
  const id = stringAt(node, 'id');
  const info = node['type_info'];
  if (id === 'VARCHAR' && isObject(info)) {
    if (info['alias'] === 'JSON') return simpleType('json');
    // A collation changes what equality means; the IR has only bytewise text.
    if (typeof info['collation'] === 'string' && info['collation'] !== '') {
      throw new Unimportable(`collation ${info['collation']}`);
    }
  }
  const simple = simpleTypes[id];
  if (simple !== undefined) return simpleType(simple);
  const details = objectAt(node, 'type_info');
  switch (id) {
    case 'DECIMAL':
      return { id: 'decimal', precision: numberAt(details, 'width'), scale: numberAt(details, 'scale') };
    case 'LIST':
      return { id: 'list', element: importType(objectAt(details, 'child_type')) };
    case 'ARRAY':
      return {
        id: 'array',
        element: importType(objectAt(details, 'child_type')),
        size: numberAt(details, 'size'),
      };
    case 'STRUCT':
      return { id: 'struct', fields: structFields(details) };
    case 'MAP': {
      const [key, value] = structFields(objectAt(objectAt(details, 'child_type'), 'type_info'));
      if (key === undefined || value === undefined)
        throw new Unimportable('a MAP without key and value types');
      return { id: 'map', key: key.type, value: value.type };
    }
    case 'ENUM': {
      const values = details['values'];
      if (!Array.isArray(values)) throw new Unimportable('an ENUM without values');
      return { id: 'enum', values: values.map(String) };
    }
    default:
      throw new Unimportable(`type ${id}`);
  }
}

function structFields(info: JsonObject): readonly { readonly name: string; readonly type: DataType }[] {
  return objectsAt(info, 'child_types').map((field) => ({
    name: stringAt(field, 'first'),
    type: importType(objectAt(field, 'second')),
  }));
}
