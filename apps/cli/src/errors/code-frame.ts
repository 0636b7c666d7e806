const maxLineWidth = 100;

/** A place in a text, lines and columns counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export function positionAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/**
 * The line at the position with a caret below it; of a long line the part around the caret.
 *
 *     2 | from ordrs
 *       |      ^
 */
export function codeFrame(text: string, position: TextPosition): string {
  const line = (text.split('\n')[position.line - 1] ?? '').replaceAll('\t', ' ').trimEnd();
  const { shown, caret } = clip(line, Math.min(position.column - 1, line.length));
  const number = String(position.line);
  return `${number} | ${shown}\n${' '.repeat(number.length)} | ${' '.repeat(caret)}^`;
}

function clip(line: string, caret: number): { readonly shown: string; readonly caret: number } {
  if (line.length <= maxLineWidth) return { shown: line, caret };
  const start = Math.max(0, Math.min(caret - maxLineWidth / 2, line.length - maxLineWidth));
  const head = start > 0 ? '… ' : '';
  const tail = start + maxLineWidth < line.length ? ' …' : '';
  return {
    shown: `${head}${line.slice(start, start + maxLineWidth)}${tail}`,
    caret: head.length + caret - start,
  };
}
