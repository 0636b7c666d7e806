import { type DataType, type SimpleTypeId, decimalType, simpleType } from '@tributary/connector-sdk';
import { uniqueNames } from '../table/names.js';
import type { SchemaNode } from './thrift-footer.js';

/** A top-level column of a Parquet file as DuckDB's read_parquet names and types it. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** False only where the file's schema says REQUIRED. */
  readonly nullable: boolean;
  /** The leaf, when the column is one: only then its chunk's statistics are those of the column. */
  readonly leaf: SchemaNode | undefined;
  /** The name inside the file, first part of the chunks' paths. */
  readonly path: string;
  readonly fieldId?: number;
  /** The type with fields, at any depth, by their ids, where any of them has one; `''` for those that have none. */
  readonly typeById?: ColumnType;
  /** Its schema elements: from, up to and not including, counted after the root. */
  readonly nodes: readonly [start: number, end: number];
  /** Stored columns: chunks of each row group. */
  readonly leaves: number;
}

/** `unsupported` names what DuckDB reads it as, where the engine has no such type: it is delivered as text. */
export type ColumnType = DataType | { readonly id: 'unsupported'; readonly duckdbName: string };

/**
 * The columns of a Parquet schema, by the rules of DuckDB 1.5's ParquetReader (`ParseSchemaRecursive`,
 * `DeriveLogicalType`): converted types count, and of the logical types only those without a converted twin.
 *
 * @throws Error where DuckDB refuses the schema too.
 */
export function parquetColumns(schema: readonly SchemaNode[]): readonly ParquetColumn[] {
  const [root, ...rest] = schema;
  if (root === undefined || root.children === 0) throw new Error('its schema has no columns');
  const cursor = { nodes: rest, next: 0 };
  const columns = Array.from({ length: root.children }, () => {
    const node = peek(cursor);
    const start = cursor.next;
    const type = typeOfNode(cursor, root, ({ name }) => name);
    const own = rest.slice(start, cursor.next);
    const hasIds = own.slice(1).some(({ fieldId }) => fieldId !== undefined);
    return {
      nodes: [start, cursor.next] as const,
      leaves: own.filter((element) => element.children === 0).length,
      name: node.name,
      type,
      nullable: node.repetition !== 'REQUIRED',
      leaf: node.type !== undefined && node.repetition !== 'REPEATED' ? node : undefined,
      path: node.name,
      ...(node.fieldId !== undefined && { fieldId: node.fieldId }),
      ...(hasIds && {
        typeById: typeOfNode({ nodes: rest, next: start }, root, ({ fieldId }) => String(fieldId ?? '')),
      }),
    };
  });
  const names = uniqueNames(columns.map((column) => column.name));
  return columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
}

interface Cursor {
  readonly nodes: readonly SchemaNode[];
  next: number;
}

function peek(cursor: Cursor): SchemaNode {
  const node = cursor.nodes[cursor.next];
  if (node === undefined) throw new Error('its schema ends too early');
  return node;
}

/** @param nameOf what fields are called in the type */
function typeOfNode(cursor: Cursor, parent: SchemaNode, nameOf: (node: SchemaNode) => string): ColumnType {
  const node = peek(cursor);
  cursor.next += 1;
  const repeated = node.repetition === 'REPEATED';
  if (node.type !== undefined && node.children === 0)
    return repeated ? listOf(leafType(node)) : leafType(node);
  const children = Array.from({ length: node.children }, () => {
    const name = nameOf(peek(cursor));
    return { name, type: typeOfNode(cursor, node, nameOf) };
  });
  if (node.logical?.kind === 'variant') return unsupported('VARIANT');
  const isPair = node.converted === 'MAP_KEY_VALUE' || (parent.converted === 'MAP' && parent.children === 1);
  if (isPair) {
    const [key, value] = children;
    if (key === undefined || value === undefined || !repeated) {
      throw new Error(`its column ${node.name} is not a map of keys and values`);
    }
    if (key.type.id === 'unsupported') return key.type;
    return value.type.id === 'unsupported' ? value.type : { id: 'map', key: key.type, value: value.type };
  }
  const [only] = children;
  if (only === undefined) throw new Error(`its column ${node.name} has no fields`);
  const isWrapper = node.converted === 'LIST' || node.converted === 'MAP' || repeated;
  const type = children.length === 1 && isWrapper ? only.type : structOf(children);
  return repeated ? listOf(type) : type;
}

function structOf(children: readonly { readonly name: string; readonly type: ColumnType }[]): ColumnType {
  const fields: { readonly name: string; readonly type: DataType }[] = [];
  for (const { name, type } of children) {
    if (type.id === 'unsupported') return type;
    fields.push({ name, type });
  }
  return { id: 'struct', fields };
}

function listOf(element: ColumnType): ColumnType {
  return element.id === 'unsupported' ? element : { id: 'list', element };
}

function unsupported(duckdbName: string): ColumnType {
  return { id: 'unsupported', duckdbName };
}

function leafType(node: SchemaNode): ColumnType {
  const fixed = node.type === 'FIXED_LEN_BYTE_ARRAY';
  switch (node.logical?.kind) {
    case 'uuid':
      if (fixed) return simpleType('uuid');
      break;
    case 'float16':
      if (fixed && node.typeLength === 2) return simpleType('float');
      break;
    case 'timestamp':
      if (node.logical.utc) return simpleType('timestamptz');
      return simpleType(node.logical.unit === 'ns' ? 'timestamp_ns' : 'timestamp');
    case 'time':
      return simpleType(node.logical.utc ? 'timetz' : 'time');
    case 'null':
      return simpleType('integer');
    case 'geometry':
      if (node.type === 'BYTE_ARRAY') return unsupported('GEOMETRY');
      break;
    case 'variant':
    case undefined:
      break;
  }
  return node.converted === undefined ? physicalType(node) : convertedType(node, node.converted);
}

function convertedType(node: SchemaNode, converted: NonNullable<SchemaNode['converted']>): ColumnType {
  switch (converted) {
    case 'INT_8':
      return onlyFor(node, 'INT32', 'tinyint');
    case 'INT_16':
      return onlyFor(node, 'INT32', 'smallint');
    case 'INT_32':
      return onlyFor(node, 'INT32', 'integer');
    case 'INT_64':
      return onlyFor(node, 'INT64', 'bigint');
    case 'UINT_8':
      return onlyFor(node, 'INT32', 'utinyint');
    case 'UINT_16':
      return onlyFor(node, 'INT32', 'usmallint');
    case 'UINT_32':
      return onlyFor(node, 'INT32', 'uinteger');
    case 'UINT_64':
      return onlyFor(node, 'INT64', 'ubigint');
    case 'DATE':
      return onlyFor(node, 'INT32', 'date');
    case 'TIME_MILLIS':
      return onlyFor(node, 'INT32', 'time');
    case 'TIME_MICROS':
      return onlyFor(node, 'INT64', 'time');
    case 'TIMESTAMP_MILLIS':
    case 'TIMESTAMP_MICROS':
      return onlyFor(node, 'INT64', 'timestamp');
    case 'UTF8':
    case 'ENUM':
      return simpleType('varchar');
    case 'JSON':
      return simpleType('json');
    case 'INTERVAL':
      return simpleType('interval');
    case 'DECIMAL':
      return node.precision > 38 ? simpleType('double') : decimalType(node.precision, node.scale);
    case 'BSON':
    case 'LIST':
    case 'MAP':
    case 'MAP_KEY_VALUE':
      throw new Error(`its column ${node.name} is ${converted}, which is not a value that can be read`);
  }
}

function physicalType(node: SchemaNode): ColumnType {
  switch (node.type) {
    case 'BOOLEAN':
      return simpleType('boolean');
    case 'INT32':
      return simpleType('integer');
    case 'INT64':
      return simpleType('bigint');
    case 'INT96':
      return simpleType('timestamp');
    case 'FLOAT':
      return simpleType('float');
    case 'DOUBLE':
      return simpleType('double');
    case 'BYTE_ARRAY':
    case 'FIXED_LEN_BYTE_ARRAY':
      return simpleType('blob');
    case undefined:
      throw new Error(`its column ${node.name} has no type`);
  }
}

function onlyFor(node: SchemaNode, physical: SchemaNode['type'], id: SimpleTypeId): ColumnType {
  if (node.type !== physical) {
    throw new Error(`its column ${node.name} is annotated as ${node.converted} but stored as ${node.type}`);
  }
  return simpleType(id);
}
