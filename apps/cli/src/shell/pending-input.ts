import { type ShellCommand, isCommandLine, shellCommand } from './shell-commands.js';
import { splitStatements } from './split-statements.js';

export type ShellInput =
  | { readonly kind: 'statement'; readonly sql: string }
  | { readonly kind: 'command'; readonly command: ShellCommand };

/** The lines of a statement that has no semicolon yet. */
export class PendingInput {
  #text = '';

  get text(): string {
    return this.#text;
  }

  /** Takes a line in; gives back the statements and the command that it completes. */
  add(line: string): readonly ShellInput[] {
    const { statements, rest } = splitStatements(this.#text === '' ? line : `${this.#text}\n${line}`);
    const parts = [...statements, rest];
    // A command where a statement could begin takes the rest of its line, with any semicolon in it.
    const at = parts.findIndex(isCommandLine);
    this.#text = at < 0 ? rest : '';
    const before = (at < 0 ? statements : parts.slice(0, at)).map(inputOf);
    return at < 0 ? before : [...before, inputOf(parts.slice(at).join(';'))];
  }

  /** What is left when no more lines come. */
  takeRest(): readonly ShellInput[] {
    const rest = this.#text.trim();
    this.clear();
    return rest === '' ? [] : [inputOf(rest)];
  }

  clear(): void {
    this.#text = '';
  }
}

function inputOf(sql: string): ShellInput {
  const command = shellCommand(sql);
  return command === undefined ? { kind: 'statement', sql } : { kind: 'command', command };
}
