import { TributaryError } from '@tributary/contract';

/** One part of a name and what follows it: a quoted part (with `""` for a quote) or a run without dots and quotes. */
const partPattern = /(?:"((?:[^"]|"")+)"|([^".]+))(\.|$)/y;

/**
 * The parts of a dotted SQL name: `a."b.c"` is `a` and `b.c`.
 * @throws TributaryError SQL.SYNTAX when a part is empty or a quote is not closed.
 */
export function splitDottedName(name: string): string[] {
  const parts: string[] = [];
  partPattern.lastIndex = 0;
  for (;;) {
    const start = partPattern.lastIndex;
    const match = partPattern.exec(name);
    if (match === null) {
      throw new TributaryError('SQL.SYNTAX', {
        message: `"${name}" is not a table name: a part is empty or a quote is not closed.`,
        object: name,
        position: start,
      });
    }
    const [, quoted, bare, separator] = match;
    parts.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'));
    if (separator === '') return parts;
  }
}
