import { withoutComments } from './comments.js';

/** A table of a name that DuckDB's parser takes for one of its lists, with quotes too: its tree is that of SHOW. */
export interface ShownTable {
  readonly name: string;
  /** Where the name stands, with its quotes. */
  readonly position: number;
  /** Whether the list is meant where no table is called so. */
  readonly mayBeList: boolean;
}

const verb = /\b(?:show|desc|describe|summarize)\b/i;
const listName =
  /^(\s*(show|desc|describe|summarize)\b\s*)("?)(tables|schemas|databases|variables)\3[\s;]*$/i;

/** The table of `DESCRIBE "tables"` and its like; undefined where the parse tree tells what is meant. */
export function shownTable(sql: string): ShownTable | undefined {
  if (!verb.test(sql)) return undefined;
  const [, before = '', does = '', quote, name] = listName.exec(withoutComments(sql)) ?? [];
  if (name === undefined || (/show/i.test(does) && quote === '')) return undefined;
  return { name, position: before.length, mayBeList: /^desc/i.test(does) && quote === '' };
}

/** The statement with the table in a FROM, which means the table only. */
export function withTableRead(sql: string, { position }: ShownTable): string {
  return `${sql.slice(0, position)} FROM ${sql.slice(position)}`;
}
