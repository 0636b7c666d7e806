import { isCommandLine } from './shell-commands.js';
import { spansLines, splitStatements } from './split-statements.js';

/** Makes one line of the history of the lines of a statement, so that the arrow keys bring back the whole of it. */
export class TypedLines {
  #lines: readonly string[] = [];

  /** Joins the newest lines of `newestFirst`, in place, when the newest ends a statement. */
  enter(newestFirst: string[]): void {
    const [line = ''] = newestFirst;
    const lines = [...this.#lines, line];
    const text = lines.join('\n');
    if (splitStatements(text).rest !== '' && !isCommandLine(text)) {
      this.#lines = lines;
      return;
    }
    this.clear();
    // A comment that ends with its line, and text with a line break in it, would be others on one line.
    if (lines.length === 1 || text.includes('--') || spansLines(text)) return;
    const typed = new Set(lines);
    while (newestFirst[0] !== undefined && typed.delete(newestFirst[0])) newestFirst.shift();
    newestFirst.unshift(lines.map((each) => each.trim()).join(' '));
  }

  /** What was typed is not to become a statement. */
  clear(): void {
    this.#lines = [];
  }
}
