import { type Column as BufferColumn, isColumnType } from '@tributary/columnar';
import type { Column } from '@tributary/contract/plan';

/** A column of an answer: its name, and the type that the engine wants it in. */
export type AnswerColumn = Pick<Column, 'name' | 'type'>;

/** The columns as buffers hold them. What they have no form for (enums, structs, …) travels as text, which DuckDB casts. */
export function wireColumns(columns: readonly AnswerColumn[]): readonly BufferColumn[] {
  return columns.map(({ name, type }) => ({ name, type: isColumnType(type) ? type : { id: 'varchar' } }));
}
