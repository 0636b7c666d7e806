/** A comment or its beginning, and what may hold what only looks like one: strings, quoted names, dollar-quoted text. */
const token =
  /--[^\n]*|\/\*|[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$/g;

/** A text with spaces for its comments: all else stays where it is. */
export function withoutComments(sql: string): string {
  const tokens = new RegExp(token);
  let bare = '';
  let done = 0;
  for (let found = tokens.exec(sql); found !== null; found = tokens.exec(sql)) {
    const [text] = found;
    if (text === '/*') tokens.lastIndex = endOfComment(sql, found.index);
    else if (!text.startsWith('--')) continue;
    bare += sql.slice(done, found.index) + ' '.repeat(tokens.lastIndex - found.index);
    done = tokens.lastIndex;
  }
  return bare + sql.slice(done);
}

/** DuckDB's comments nest, as standard SQL has it. */
function endOfComment(sql: string, start: number): number {
  let depth = 0;
  for (const { 0: edge, index } of sql.slice(start).matchAll(/\/\*|\*\//g)) {
    depth += edge === '/*' ? 1 : -1;
    if (depth === 0) return start + index + edge.length;
  }
  return sql.length;
}
