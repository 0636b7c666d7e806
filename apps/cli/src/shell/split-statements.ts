/** Quoted text, identifiers and comments, which may hold semicolons; last the end of an unfinished one. */
const tokens =
  /(?<!\w)[eE]'(?:[^'\\]|\\[\s\S]|'')*'|(?<!\w)[eE]'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1|;|['"]|\/\*|\$\w*\$/g;

/** White space and whole comments. */
const leadingSpace = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

export interface SplitInput {
  /** Complete statements, without their semicolons. */
  readonly statements: readonly string[];
  /** What follows the last semicolon: more lines may belong to it. */
  readonly rest: string;
}

/** Takes the statements that end with a semicolon out of what was typed so far. */
export function splitStatements(text: string): SplitInput {
  const statements: string[] = [];
  let start = 0;
  for (const match of text.matchAll(tokens)) {
    if (match[0] === ';') {
      const statement = text.slice(start, match.index);
      if (statement.trim() !== '') statements.push(statement);
      start = match.index + 1;
      continue;
    }
    // An opening quote or comment without an end: nothing behind it can be judged yet.
    if (isOpening(match[0])) break;
  }
  return { statements, rest: text.slice(start).replace(leadingSpace, '') };
}

function isOpening(token: string): boolean {
  return (
    token === "'" ||
    token.toLowerCase() === "e'" ||
    token === '"' ||
    token === '/*' ||
    /^\$\w*\$$/.test(token)
  );
}

/** Whether a quoted text, a quoted name or a comment goes over several lines. */
export function spansLines(text: string): boolean {
  return [...text.matchAll(tokens)].some(([token]) => token.includes('\n'));
}
