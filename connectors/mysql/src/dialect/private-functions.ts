import type { CallContextInfo, FunctionRule } from '@tributary/connector-sdk';
import type { ReadFormName } from '../types/column-type.js';
import { type RuleArguments, constantText, rule } from '@tributary/connector-sdk/sql';

/** The name of a read form as a function, which only this connector's own planning puts into a plan: no user can name it. */
export function formFunction(form: ReadFormName): string {
  return `mysql:${form}`;
}

export function privateFunctions(byteCollation: string): ReadonlyMap<string, readonly FunctionRule[]> {
  const forms: Readonly<Record<ReadFormName, (column: string) => string>> = {
    plain: (column) => column,
    bytes: (column) => `(${column} COLLATE ${byteCollation})`,
    text: (column) => `(CONVERT(${column} USING utf8mb4) COLLATE ${byteCollation})`,
    recoded: (column) => `(CONVERT(${column} USING utf8mb4) COLLATE ${byteCollation})`,
    number: (column) => `(${column} + 0)`,
    truth: (column) => `(${column} <> 0)`,
    // Not by comparing with zero: a month or a day alone may be zero.
    point: (column) => `CASE WHEN month(${column}) > 0 AND dayofmonth(${column}) > 0 THEN ${column} END`,
    wkt: (column) => `(ST_AsText(${column}) COLLATE ${byteCollation})`,
  };
  const rules = Object.entries(forms).map(([form, render]): [string, readonly FunctionRule[]] => [
    `mysql:${form}`,
    // A recoded column brings its character set and collation along, which only comparisons need (see plan/raw-predicates.ts).
    [{ args: ['any'], variadic: true, render: ([column = '']) => render(column) }],
  ]);
  return new Map([...rules, [recode, [rule(['any', 'varchar', 'varchar'], recoded)]]]);
}

/** A constant in a column's own character set and collation, so that the two may be compared as they are and an index can answer. */
export const recode = 'mysql:recode';

/** What the character set lacks becomes a question mark: more rows are found then, and the exact comparison drops them. */
function recoded([value]: RuleArguments, { args }: CallContextInfo): string | undefined {
  const [characterSet, collation] = [constantText(args[1]), constantText(args[2])];
  const isName = (name: string | undefined): boolean => name !== undefined && /^\w+$/.test(name);
  return isName(characterSet) && isName(collation)
    ? `(CONVERT(${value} USING ${characterSet}) COLLATE ${collation})`
    : undefined;
}
