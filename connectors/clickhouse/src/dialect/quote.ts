/** ClickHouse reads backslash escapes between quotes of any kind. */
export function quoteText(text: string): string {
  return `'${escape(text, "'")}'`;
}

export function quoteIdentifier(name: string): string {
  return `\`${escape(name, '`')}\``;
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escape(text: string, quote: string): string {
  const escaped = text.replaceAll(/[\\'`]/g, (char) =>
    char === '\\' || char === quote ? `\\${char}` : char,
  );
  return escaped.replaceAll(
    /\p{Cc}/gu,
    (char) =>
      named[char] ??
      [...Buffer.from(char)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}
