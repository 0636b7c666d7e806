import type { Data } from 'apache-arrow';

/** A value's text; the row must not be NULL. */
export type CellText = (data: Data, row: number) => string;

/** How the values of one column are written. */
export interface ColumnFormat {
  /** For tables and CSV: DuckDB's text form; nested values as JSON. */
  readonly text: CellText;
  /** As a JSON value. Integers and decimals keep all their digits. */
  readonly json: CellText;
  /** Numbers stand on the right. */
  readonly numeric: boolean;
}
