import type { FunctionRule } from '@tributary/connector-sdk';
import type { ReadFormName } from '../types/column-type.js';
import { rule } from './functions/rule.js';

/** The name of a read form as a function, which only this connector's own planning puts into a plan: no user can name it. */
export function formFunction(form: ReadFormName): string {
  return `mysql:${form}`;
}

export function privateFunctions(byteCollation: string): ReadonlyMap<string, readonly FunctionRule[]> {
  const forms: Readonly<Record<ReadFormName, (column: string) => string>> = {
    plain: (column) => column,
    bytes: (column) => `(${column} COLLATE ${byteCollation})`,
    text: (column) => `(CONVERT(${column} USING utf8mb4) COLLATE ${byteCollation})`,
    number: (column) => `(${column} + 0)`,
    truth: (column) => `(${column} <> 0)`,
    // Not by comparing with zero: a month or a day alone may be zero.
    point: (column) => `CASE WHEN month(${column}) > 0 AND dayofmonth(${column}) > 0 THEN ${column} END`,
    wkt: (column) => `(ST_AsText(${column}) COLLATE ${byteCollation})`,
  };
  return new Map(
    Object.entries(forms).map(([form, render]) => [`mysql:${form}`, [rule(['any'], ([a]) => render(a))]]),
  );
}
