import { type Engine, type PushdownMode, formatExplain } from '@tributary/core';
import { describeRelation } from '../commands/catalog.js';
import { describedText } from '../commands/describe.js';
import { sourceList } from '../commands/sources.js';
import { tableList } from '../commands/tables.js';
import { closest } from '../errors/closest.js';
import { aboutStatement } from '../errors/failed-statement.js';
import { UsageError } from '../errors/usage-error.js';
import { CountedResult } from '../output/counted-result.js';
import { writeToStream } from '../output/deliver.js';
import { resultWriter, tableStyle } from '../output/formats.js';
import { type OutputFormat, isBinary, outputFormats } from '../output/output-format.js';
import { ProgressLine } from '../terminal/progress-line.js';
import type { Terminal } from '../terminal/terminal.js';
import { formatDuration, formatRows } from '../terminal/units.js';
import { shellCommands } from './completer.js';
import { shellHelp } from './shell-help.js';

const pushdownModes: readonly PushdownMode[] = ['auto', 'off', 'require'];

/** What a shell remembers between statements, and how it carries them out. */
export class ShellSession {
  readonly #engine: Engine;
  readonly #terminal: Terminal;
  #format: OutputFormat = 'table';
  #pushdown: PushdownMode = 'auto';
  #timing = true;
  #lastSql: string | undefined;

  constructor(engine: Engine, terminal: Terminal) {
    this.#engine = engine;
    this.#terminal = terminal;
  }

  async runStatement(sql: string, signal: AbortSignal): Promise<void> {
    this.#lastSql = sql;
    using progress = new ProgressLine(this.#terminal);
    const started = performance.now();
    await aboutStatement(sql, async () => {
      await using result = await this.#engine.query(sql, {
        signal,
        pushdown: this.#pushdown,
        onProgress: progress.update,
      });
      const counted = new CountedResult(result, () => progress.stop());
      const chunks = resultWriter(this.#format, tableStyle(this.#terminal))(counted);
      await writeToStream(chunks, this.#terminal.stdout);
      progress.stop();
      const elapsed = this.#timing ? ` in ${formatDuration(performance.now() - started)}` : '';
      this.#note(`(${formatRows(counted.rows)}${elapsed})`);
    });
  }

  /**
   * Runs a backslash command.
   * @returns false when the shell is to end
   */
  async runCommand(line: string, signal: AbortSignal): Promise<boolean> {
    const [name = '', ...words] = line.trim().replace(/;$/, '').split(/\s+/);
    const argument = words.join(' ');
    switch (name) {
      case '\\q':
        return false;
      case '\\?':
        this.#print(shellHelp);
        break;
      case '\\d':
        await this.#describe(argument, signal);
        break;
      case '\\sources':
        this.#print(sourceList(this.#engine.sources(), tableStyle(this.#terminal)));
        break;
      case '\\explain':
      case '\\analyze':
        await this.#explain(argument, name === '\\analyze', signal);
        break;
      case '\\timing':
        this.#timing = !this.#timing;
        this.#note(`Timing is ${this.#timing ? 'on' : 'off'}.`);
        break;
      case '\\format':
        this.#setFormat(argument);
        break;
      case '\\pushdown':
        this.#setPushdown(argument);
        break;
      default:
        throw new UsageError(`${name} is no command${suggestion(name)}. \\? lists them.`);
    }
    return true;
  }

  async #describe(table: string, signal: AbortSignal): Promise<void> {
    const style = tableStyle(this.#terminal);
    this.#print(
      table === ''
        ? await tableList(this.#engine, undefined, signal, style)
        : describedText(await describeRelation(this.#engine, table, signal), style),
    );
  }

  async #explain(argument: string, analyze: boolean, signal: AbortSignal): Promise<void> {
    const sql = argument === '' ? this.#lastSql : argument;
    if (sql === undefined) throw new UsageError('There is no statement yet: \\explain select ...');
    using progress = new ProgressLine(this.#terminal);
    const document = await aboutStatement(sql, () =>
      this.#engine.explain(sql, { signal, analyze, pushdown: this.#pushdown }),
    );
    progress.stop();
    this.#print(formatExplain(document, 'text'));
  }

  #setFormat(name: string): void {
    const format = outputFormats.find((each) => each === name);
    if (format === undefined || isBinary(format)) {
      const usable = outputFormats.filter((each) => !isBinary(each));
      throw new UsageError(`\\format takes one of ${usable.join(', ')}; now it is ${this.#format}.`);
    }
    this.#format = format;
    this.#note(`Format is ${format}.`);
  }

  #setPushdown(name: string): void {
    const mode = pushdownModes.find((each) => each === name);
    if (mode === undefined) {
      throw new UsageError(
        `\\pushdown takes one of ${pushdownModes.join(', ')}; now it is ${this.#pushdown}.`,
      );
    }
    this.#pushdown = mode;
    this.#note(`Pushdown is ${mode}.`);
  }

  #print(text: string): void {
    this.#terminal.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Not data: for stderr. */
  #note(text: string): void {
    this.#terminal.stderr.write(`${this.#terminal.err.dim(text)}\n`);
  }
}

function suggestion(name: string): string {
  const [best] = closest(name, shellCommands);
  return best === undefined ? '' : `; did you mean ${best}`;
}
