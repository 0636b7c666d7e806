import type { Engine, OutputColumn, QueryOptions } from '@tributary/core';
import { type Row, arrowRows } from '@tributary/oracle';

export interface Answer {
  readonly columns: readonly OutputColumn[];
  readonly rows: readonly Row[];
}

/** The whole answer of a query in comparable form. */
export async function answer(engine: Engine, sql: string, options: QueryOptions = {}): Promise<Answer> {
  await using result = await engine.query(sql, options);
  const rows: Row[] = [];
  for await (const batch of result) rows.push(...arrowRows([batch]));
  return { columns: result.columns, rows: withUuids(rows, result.columns) };
}

/** UUIDs travel as sixteen bytes, and only the column's type tells them from other bytes. */
function withUuids(rows: readonly Row[], columns: readonly OutputColumn[]): readonly Row[] {
  if (!columns.some(({ type }) => type.id === 'uuid')) return rows;
  return rows.map((row) =>
    row.map((cell, i) => {
      if (columns[i]?.type.id !== 'uuid' || typeof cell !== 'string') return cell;
      return cell.replace(/^x'(.{8})(.{4})(.{4})(.{4})(.{12})'$/, "'$1-$2-$3-$4-$5'");
    }),
  );
}
