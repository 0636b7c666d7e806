import { randomUUID } from 'node:crypto';
import { layoutMark } from './text.js';

/** Deeper nesting is not indented further, or a deep plan's text would grow with the square of its depth. */
const deepestIndent = 12;

/** Holds a random number, so no literal or identifier can imitate it. */
const mark = `${layoutMark}${randomUUID()}`;

/**
 * Line breaks, indentation and placeholders of a statement in the making. They stand in the text as marks until the whole
 * is known: a placeholder's number depends on where it ends up, and a text may be used twice.
 */
export class Layout {
  readonly newline = `${mark}n;`;

  /** Text in parentheses on lines of its own. */
  block(sql: string): string {
    return `(${mark}>;${sql}${mark}<;)`;
  }

  placeholder(index: number): string {
    return `${mark}${index};`;
  }

  /** The final text; `placeholder` is asked for each placeholder from left to right. */
  finish(sql: string, placeholder: (index: number) => string): string {
    const [first = '', ...rest] = sql.split(mark);
    const parts = [first];
    let depth = 0;
    for (const part of rest) {
      const end = part.indexOf(';');
      const kind = part.slice(0, end);
      if (kind === '>') depth++;
      if (kind === '<') depth--;
      const isBreak = kind === 'n' || kind === '>' || kind === '<';
      parts.push(isBreak ? `\n${'  '.repeat(Math.min(depth, deepestIndent))}` : placeholder(Number(kind)));
      parts.push(part.slice(end + 1));
    }
    return parts.join('');
  }
}
