const controls: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** ClickHouse reads backslash escapes between quotes of any kind. */
export function quoteText(text: string): string {
  return `'${escape(text, "'")}'`;
}

export function quoteIdentifier(name: string): string {
  return `\`${escape(name, '`')}\``;
}

function escape(text: string, quote: string): string {
  const escaped = text.replaceAll(/[\\'`]/g, (char) =>
    char === '\\' || char === quote ? `\\${char}` : char,
  );
  return escaped.replaceAll(
    // oxlint: the point is to name them.
    /[\u0000-\u001f\u007f]/g,
    (char) => controls[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
