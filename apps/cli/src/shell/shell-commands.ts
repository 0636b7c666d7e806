/** What begins with a backslash; Tab completes them. */
export const shellCommands = [
  '\\?',
  '\\d',
  '\\sources',
  '\\explain',
  '\\analyze',
  '\\format',
  '\\x',
  '\\i',
  '\\pushdown',
  '\\timing',
  '\\q',
] as const;

export type ShellCommandName = (typeof shellCommands)[number];

/** What users of psql and of DuckDB's shell type for them. */
const aliases: ReadonlyMap<string, ShellCommandName> = new Map([
  ['\\h', '\\?'],
  ['\\help', '\\?'],
  ['\\dt', '\\d'],
  ['\\dv', '\\d'],
  ['\\tables', '\\d'],
  ['\\schema', '\\d'],
  ['\\l', '\\sources'],
  ['\\databases', '\\sources'],
  ['\\mode', '\\format'],
  ['\\include', '\\i'],
  ['\\read', '\\i'],
  ['\\timer', '\\timing'],
  ['\\quit', '\\q'],
  ['\\exit', '\\q'],
]);

/** Words that are meant for the shell wherever a statement could begin. */
const words: ReadonlyMap<string, ShellCommandName> = new Map([
  ['help', '\\?'],
  ['quit', '\\q'],
  ['exit', '\\q'],
]);

export interface ShellCommand {
  /** As typed. */
  readonly typed: string;
  /** Undefined for what is no command. */
  readonly name: ShellCommandName | undefined;
  /** The rest of the line, as it is. */
  readonly argument: string;
}

/**
 * The command that a line is, where a statement could begin: `\d`, `.tables`, `quit`; `explain select …` too, which the
 * engine does not take for a statement. Undefined for everything else.
 */
export function shellCommand(text: string): ShellCommand | undefined {
  const line = text.trim().replace(/\s*;$/, '');
  const word = words.get(line.toLowerCase());
  if (word !== undefined) return { typed: line, name: word, argument: '' };
  const explained = /^explain\s+(analyze\s+)?(?=\S)/i.exec(line);
  if (explained !== null) {
    const name = explained[1] === undefined ? '\\explain' : '\\analyze';
    return { typed: name, name, argument: line.slice(explained[0].length) };
  }
  const [typed] = /^(?:\\\S*|\.[a-z]\S*)/i.exec(line) ?? [];
  if (typed === undefined) return undefined;
  const spelt = typed.replace(/^\./, '\\');
  const name = aliases.get(spelt) ?? shellCommands.find((each) => each === spelt);
  return { typed, name, argument: line.slice(typed.length).trim() };
}

/** Whether what begins so is a command at the end of its line, and needs no semicolon. */
export function isCommandLine(text: string): boolean {
  return /^\s*(?:\\|\.[a-z])/i.test(text) || words.has(text.trim().toLowerCase());
}
