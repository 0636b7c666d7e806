import { type DataType, TributaryError, typeName } from '@tributary/contract';
import { Binary, Struct, Utf8 } from 'apache-arrow';
import { arrowField, arrowTypeOf } from './arrow-schema.js';
import { BooleanBuilder } from './boolean-builder.js';
import { BytesBuilder } from './bytes-builder.js';
import type { ColumnBuilder } from './column-builder.js';
import { FixedWidthBuilder } from './fixed-width-builder.js';
import { layoutOf } from './layouts.js';
import { FixedListBuilder, ListBuilder, StructBuilder } from './nested-builders.js';

/** The builder of a column that DuckDB delivers in this type. */
export function makeBuilder(type: DataType): ColumnBuilder {
  const layout = layoutOf(type);
  if (layout !== undefined) return new FixedWidthBuilder(arrowTypeOf(type), layout);
  switch (type.id) {
    case 'boolean':
      return new BooleanBuilder();
    case 'varchar':
    case 'json':
      return new BytesBuilder(new Utf8());
    case 'blob':
      return new BytesBuilder(new Binary());
    case 'list':
      return new ListBuilder(arrowTypeOf(type), makeBuilder(type.element));
    case 'array':
      return new FixedListBuilder(arrowTypeOf(type), type.size, makeBuilder(type.element));
    case 'struct':
      return new StructBuilder(
        arrowTypeOf(type),
        type.fields.map((field) => makeBuilder(field.type)),
      );
    case 'map':
      return new ListBuilder(arrowTypeOf(type), mapEntries(type.key, type.value));
    default:
      throw new TributaryError('ENGINE.INTERNAL', {
        message: `DuckDB was asked for a column of type ${typeName(type)}, which has no Arrow counterpart.`,
      });
  }
}

function mapEntries(key: DataType, value: DataType): StructBuilder {
  const type = new Struct([arrowField('key', key), arrowField('value', value)]);
  return new StructBuilder(type, [makeBuilder(key), makeBuilder(value)]);
}
