import { TributaryError } from '@tributary/contract/errors';

/** How DuckDB's messages end: `Candidate bindings: "a", "b"`, `Candidate tables: "t"`, `Did you mean "f"?` */
const suggestions = /\n+(?:Candidate (?:bindings|tables): (?:: )?|Did you mean )"(.*)"\??$/;

/** What is known beside DuckDB's message. */
interface Known {
  readonly byteOffset?: number | undefined;
  readonly fix?: string | undefined;
}

/** What DuckDB says of a statement that it could not parse, bind or plan, as one of our errors. */
export function statementError(
  sql: string,
  message: string,
  { byteOffset, fix }: Known = {},
): TributaryError {
  const [summary = message] = message.split('\n\nLINE ');
  const text = summary.replace(/^(Failed to extract statements: )?/, '').trim();
  const position = byteOffset === undefined ? caretPosition(sql, message) : charOffset(sql, byteOffset);
  const candidates = suggestions.exec(text)?.[1]?.split('", "');
  const details = {
    message: text.replace(/^\w+ Error: /, '').replace(suggestions, ''),
    ...(fix !== undefined && { fix }),
    ...(position !== undefined && { position }),
    ...(candidates !== undefined && { candidates }),
  };
  // DuckDB blames the version of its storage for what it cannot write into a plan.
  const pivoted = /expression '(.*)' in pivot list/.exec(text)?.[1];
  if (pivoted !== undefined) {
    return new TributaryError('SQL.UNSUPPORTED_STATEMENT', {
      ...details,
      message: `PIVOT is refused with ${pivoted} in IN (…): the values that become columns must be constants.`,
      fix: "Write them into the statement: IN ('buy', 'view').",
    });
  }
  if (/^Parser Error|^syntax error/i.test(text)) return new TributaryError('SQL.SYNTAX', details);
  if (/^Permission Error|disabled (by|through) configuration/i.test(text)) {
    return new TributaryError('SQL.FORBIDDEN', details);
  }
  return new TributaryError('SQL.BIND', details);
}

/**
 * Whether DuckDB's message says that a table (or schema, or catalogue) is not there: it may only lack its stub. A CTE that
 * reads a table of its own name is called circular as long as that table is missing; a view was altered when a table below
 * it has new types.
 */
export function saysMissingTable(message: string): boolean {
  return /(Table with name|Table Function with name|Schema with name|Catalog) .* does not exist|catalog .* does not exist|Circular reference to CTE|Contents of view were altered/i.test(
    message,
  );
}

/** DuckDB counts UTF-8 bytes; users count characters. */
export function charOffset(sql: string, byteOffset: number): number | undefined {
  const bytes = Buffer.from(sql, 'utf8');
  if (!Number.isSafeInteger(byteOffset) || byteOffset < 0 || byteOffset > bytes.length) return undefined;
  return bytes.subarray(0, byteOffset).toString('utf8').length;
}

/** The offset that DuckDB draws as `LINE 2: …` with a caret below. */
function caretPosition(sql: string, message: string): number | undefined {
  const drawn = /\n\nLINE (\d+): (.*)\n( *)\^/.exec(message);
  const [, line, shown, indent] = drawn ?? [];
  if (line === undefined || shown === undefined || indent === undefined) return undefined;
  const lines = sql.split('\n');
  const before = lines.slice(0, Number(line) - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const column = indent.length - `LINE ${line}: `.length;
  // Long lines are shown as an excerpt between dots.
  const excerpt = shown.replace(/^\.\.\./, '').replace(/\.\.\.$/, '');
  const start = shown.startsWith('...') ? (lines[Number(line) - 1] ?? '').indexOf(excerpt) - 3 : 0;
  return Math.min(sql.length, Math.max(0, before + start + column));
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
