/** Always quoted: case is kept and no word is reserved. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/**
 * A string constant. Whether a backslash escapes what follows depends on sql_mode, so text with one (or with control characters)
 * is written as the hex of its UTF-8, which means the same in every mode.
 */
export function quoteText(text: string, byteCollation: string): string {
  // oxlint has nothing against control characters in a range that begins at a blank.
  if (/^[^\\]*$/.test(text) && [...text].every((character) => character >= ' ')) {
    return `'${text.replaceAll("'", "''")}'`;
  }
  return `(_utf8mb4 X'${Buffer.from(text).toString('hex')}' COLLATE ${byteCollation})`;
}
