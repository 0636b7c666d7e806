import { type Column, type DataType, type SpoolDirectory, typeName } from '@tributary/contract';
import type { RecordBatch, Schema } from 'apache-arrow';
import { arrowTypeOf } from './arrow/arrow-schema.js';
import { columnValues } from './rows.js';
import { type StagedRelation, emptyRelation, stageBatches } from './staged-relation.js';

/** Up to so many rows stand in a statement's text: a file would have to be written, opened, read and deleted for them. */
export const maxInlineRows = 1000;

/** Rows that are so large in memory are not few. Their buffers are padded. */
const maxInlineBytes = 256 * 1024;

/** Above so many characters a file is the lesser work. */
const maxInlineCharacters = 32 * 1024;

/** Unit and record separator: between items, and for NULL. */
const separator = '\u001f';
const nullItem = '\u001e';

/** Whether values of these columns can be written as text and read back the same. */
export function canBeInline(columns: readonly Column[]): boolean {
  return columns.length > 0 && columns.every(({ type }) => inlineTypes.has(type.id));
}

const inlineTypes: ReadonlySet<DataType['id']> = new Set([
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
  'float',
  'double',
  'decimal',
  'varchar',
  'uuid',
  'date',
  'timestamp',
  'timestamptz',
]);

/** Few rows become text of the statement that reads them; where more come than were expected, all go to a file. */
export async function stageFewRows(
  schema: Schema,
  batches: AsyncGenerator<RecordBatch, void, undefined>,
  columns: readonly Column[],
  spool: SpoolDirectory,
): Promise<StagedRelation> {
  const first: RecordBatch[] = [];
  let rows = 0;
  let bytes = 0;
  for (;;) {
    const { done, value } = await batches.next();
    if (done === true) {
      return inlineRelation(schema, first, columns) ?? stageBatches(schema, first, columns, spool);
    }
    first.push(value);
    rows += value.numRows;
    bytes += value.data.byteLength;
    if (rows > maxInlineRows || bytes > maxInlineBytes)
      return stageBatches(schema, chained(first, batches), columns, spool);
  }
}

async function* chained(
  first: readonly RecordBatch[],
  rest: AsyncIterable<RecordBatch>,
): AsyncGenerator<RecordBatch, void, undefined> {
  yield* first;
  yield* rest;
}

/** The batches' rows as a relation, or undefined where they cannot stand in a text. */
function inlineRelation(
  schema: Schema,
  batches: readonly RecordBatch[],
  columns: readonly Column[],
): StagedRelation | undefined {
  const rows = batches.reduce((sum, batch) => sum + batch.numRows, 0);
  if (rows === 0) return emptyRelation(columns);
  const lists: string[] = [];
  const items: string[] = [];
  const values: unknown[][] = [];
  let characters = 0;
  for (const [index, { type }] of columns.entries()) {
    // A connector may deliver a neighbouring type: a file and a cast are for that.
    if (String(schema.fields[index]?.type) !== String(arrowTypeOf(type))) return undefined;
    const column = batches.flatMap((batch) => columnValues(batch.getChildAt(index), type, batch.numRows));
    const texts: string[] = [];
    for (const value of column) {
      const text = itemText(value, type);
      if (text === undefined) return undefined;
      characters += text.length;
      if (characters > maxInlineCharacters) return undefined;
      texts.push(text);
    }
    values.push(column);
    // One long literal: DuckDB's parser takes some microseconds for each that it meets.
    const literal = texts.join(separator).replaceAll("'", "''");
    lists.push(`unnest(string_split('${literal}', '${separator}')) AS c${index}`);
    const item = column.includes(null) ? `nullif(c${index}, '${nullItem}')` : `c${index}`;
    items.push(`CAST(${item} AS ${typeName(type)}) AS c${index}`);
  }
  return { from: `(SELECT ${items.join(', ')} FROM (SELECT ${lists.join(', ')}))`, rows, values };
}

function itemText(value: unknown, type: DataType): string | undefined {
  if (value === null) return nullItem;
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  // DuckDB's statements end at a zero byte.
  if (text.includes('\0') || text.includes(separator) || text === nullItem) return undefined;
  const isTemporal = type.id === 'date' || type.id === 'timestamp' || type.id === 'timestamptz';
  // Years before Christ and after 9999, and infinities, have no common text.
  if (isTemporal && !/^(?!0000)\d{4}-/.test(text)) return undefined;
  return text;
}
