/** A ClickHouse type as `system.columns` writes it, taken apart: `Decimal(9, 2)` is `Decimal` with the arguments `9` and `2`. */
export interface NativeType {
  readonly name: string;
  readonly args: readonly string[];
}

export function parseNativeType(text: string): NativeType {
  const trimmed = text.trim();
  const open = trimmed.indexOf('(');
  if (open < 0 || !trimmed.endsWith(')')) return { name: trimmed, args: [] };
  return { name: trimmed.slice(0, open), args: splitTopLevel(trimmed.slice(open + 1, -1)) };
}

/** Parts between commas that stand in no parentheses and no quotes. */
export function splitTopLevel(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let quote: string | undefined;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (quote !== undefined) {
      if (char === '\\') i += 1;
      else if (char === quote) quote = undefined;
    } else if (char === "'" || char === '`') quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  const last = text.slice(start).trim();
  return last === '' && parts.length === 0 ? parts : [...parts, last];
}

export interface TupleElement {
  /** Undefined in a tuple without names. */
  readonly name: string | undefined;
  readonly type: string;
}

/** An element of `Tuple(a Int64, b String)`: a name is there where a space comes before any parenthesis. */
export function parseTupleElement(text: string): TupleElement {
  const match = /^(`(?:[^`\\]|\\.)*`|\w+)\s+(\S.*)$/s.exec(text);
  if (match === null) return { name: undefined, type: text };
  const [, name = '', type = ''] = match;
  return { name: name.startsWith('`') ? unescape(name.slice(1, -1)) : name, type };
}

export interface EnumElement {
  readonly label: string;
  readonly value: number;
}

/** `'a' = 1`. */
export function parseEnumElement(text: string): EnumElement {
  const at = text.lastIndexOf("'");
  const value = Number(text.slice(at + 1).replace('=', ''));
  return { label: unescape(text.slice(1, at)), value };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0', b: '\b', f: '\f' };

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_, char: string) => escapes[char] ?? char);
}
