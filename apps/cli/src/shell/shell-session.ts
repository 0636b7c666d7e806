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
import { type OutputFormat, textFormats } from '../output/output-format.js';
import { changesViews } from '../statement/changes-views.js';
import { quoteDotted } from '../statement/identifiers.js';
import { readTextFile } from '../statement/read-statement.js';
import { ProgressLine } from '../terminal/progress-line.js';
import type { Terminal } from '../terminal/terminal.js';
import { formatDuration, formatRows } from '../terminal/units.js';
import { PendingInput, type ShellInput } from './pending-input.js';
import { type ShellCommand, shellCommands } from './shell-commands.js';
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

  /** @returns false when the shell is to end */
  async run(input: ShellInput, signal: AbortSignal): Promise<boolean> {
    if (input.kind === 'command') return await this.#runCommand(input.command, signal);
    await this.#runStatement(input.sql, signal);
    return true;
  }

  async #runStatement(sql: string, signal: AbortSignal): Promise<void> {
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
      const isQuery = !changesViews(sql);
      const chunks = resultWriter(this.#format, tableStyle(this.#terminal))(counted);
      if (isQuery) await writeToStream(chunks, this.#terminal.stdout);
      progress.stop();
      const elapsed = this.#timing ? ` in ${formatDuration(performance.now() - started)}` : '';
      this.#note(`(${isQuery ? formatRows(counted.rows) : 'done'}${elapsed})`);
    });
  }

  async #runCommand({ typed, name, argument }: ShellCommand, signal: AbortSignal): Promise<boolean> {
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
      case '\\i':
        await this.#runFile(argument, signal);
        break;
      case '\\timing':
        this.#setTiming(argument);
        break;
      case '\\format':
        this.#setFormat(argument);
        break;
      case '\\x':
        this.#setFormat(this.#format === 'records' ? 'table' : 'records');
        break;
      case '\\pushdown':
        this.#setPushdown(argument);
        break;
      case undefined:
        throw new UsageError(`${typed} is no command${suggestion(typed)}. \\? lists them.`);
    }
    return true;
  }

  async #describe(name: string, signal: AbortSignal): Promise<void> {
    const style = tableStyle(this.#terminal);
    const source = this.#engine.sources().find(({ sourceId }) => quoteDotted([sourceId]) === name);
    this.#print(
      name === '' || source !== undefined
        ? await tableList(this.#engine, source?.sourceId, signal, style)
        : describedText(await describeRelation(this.#engine, name, signal), style),
    );
  }

  /** Ends at the first failure: what follows may build on what failed. */
  async #runFile(path: string, signal: AbortSignal): Promise<void> {
    if (path === '') throw new UsageError('\\i takes the path of a file of statements.');
    const input = new PendingInput();
    const lines = (await readTextFile(path)).split(/\r?\n/);
    for (const each of [...lines.flatMap((line) => input.add(line)), ...input.takeRest()]) {
      if (!(await this.run(each, signal))) return;
    }
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

  #setTiming(wanted: string): void {
    if (!['', 'on', 'off'].includes(wanted))
      throw new UsageError('\\timing takes on, off, or nothing to change it.');
    this.#timing = wanted === '' ? !this.#timing : wanted === 'on';
    this.#note(`Timing is ${this.#timing ? 'on' : 'off'}.`);
  }

  #setFormat(name: string): void {
    const format = textFormats.find((each) => each === name);
    if (format === undefined) {
      throw new UsageError(`\\format takes one of ${textFormats.join(', ')}; now it is ${this.#format}.`);
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
  const [best] = closest(name.replace(/^\./, '\\'), shellCommands);
  return best === undefined ? '' : `; did you mean ${best}`;
}
