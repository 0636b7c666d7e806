import { randomUUID } from 'node:crypto';
import { layoutMark } from './text.js';

/** Deeper nesting is not indented further, or a deep plan's text would grow with the square of its depth. */
const deepestIndent = 12;

/**
 * Line breaks, indentation and placeholders of a statement in the making. They stand in the text as marks until the whole
 * is known: a placeholder's number depends on where it ends up, and a text may be used twice.
 * The marks hold a random number, so no literal or identifier can imitate them.
 */
export class Layout {
  readonly #mark = `${layoutMark}${randomUUID()}`;
  readonly newline = `${this.#mark}n;`;
  readonly #indent = `${this.#mark}>;`;
  readonly #dedent = `${this.#mark}<;`;

  /** Text in parentheses on lines of its own. */
  block(sql: string): string {
    return `(${this.#indent}${sql}${this.#dedent})`;
  }

  placeholder(index: number): string {
    return `${this.#mark}${index};`;
  }

  /** The final text; `placeholder` is asked for each placeholder from left to right. */
  finish(sql: string, placeholder: (index: number) => string): string {
    const [first = '', ...rest] = sql.split(this.#mark);
    const parts = [first];
    let depth = 0;
    for (const part of rest) {
      const end = part.indexOf(';');
      const mark = part.slice(0, end);
      if (mark === '>') depth++;
      if (mark === '<') depth--;
      const isBreak = mark === 'n' || mark === '>' || mark === '<';
      parts.push(isBreak ? `\n${'  '.repeat(Math.min(depth, deepestIndent))}` : placeholder(Number(mark)));
      parts.push(part.slice(end + 1));
    }
    return parts.join('');
  }
}
