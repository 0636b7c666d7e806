import { withoutComments } from './comments.js';

/** A parameter marker in SQL text. */
export interface ParameterToken {
  /** `'1'` for `$1` and for the first `?`, `'since'` for `$since`. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * One alternative per thing that may hold a `$` or `?` without it being a parameter (strings, quoted names, dollar-quoted
 * text), then the markers themselves. DuckDB's parse tree does not keep where parameters stand.
 */
const lexer =
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|\$(\w+)|\?(\d+)?/g;

export function parameterTokens(sql: string): readonly ParameterToken[] {
  const tokens: ParameterToken[] = [];
  let anonymous = 0;
  for (const match of withoutComments(sql).matchAll(lexer)) {
    const [text, , dollar, question] = match;
    const marker = text.startsWith('?');
    if (dollar === undefined && !marker) continue;
    const name = dollar ?? question ?? String(++anonymous);
    tokens.push({ name, start: match.index, end: match.index + text.length });
  }
  return tokens;
}

/**
 * Writes each parameter as `CAST($name AS type)`. DuckDB cannot bind `$1 + 1` or `SELECT $1` without knowing the type;
 * the value itself never enters the text.
 */
export function withParameterTypes(sql: string, typeNames: ReadonlyMap<string, string>): string {
  let out = '';
  let done = 0;
  for (const token of parameterTokens(sql)) {
    const type = typeNames.get(token.name);
    if (type === undefined) continue;
    out += `${sql.slice(done, token.start)}CAST($${token.name} AS ${type})`;
    done = token.end;
  }
  return out + sql.slice(done);
}
