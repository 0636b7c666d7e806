const space = String.raw`(?:\s|--[^\n]*\n|/\*[\s\S]*?\*/)`;
const begins = new RegExp(
  `^${space}*(?:create${space}+(?:or${space}+replace${space}+)?|drop${space}+)view\\b`,
  'i',
);

/** Whether the statement makes or drops a view: it has no rows to show. */
export function changesViews(sql: string): boolean {
  return begins.test(sql);
}
