import { type Interface, createInterface } from 'node:readline/promises';
import { TributaryError } from '@tributary/contract';
import type { CommandContext } from '../commands/command-context.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../errors/exit-codes.js';
import { FailedStatement } from '../errors/failed-statement.js';
import { formatError } from '../errors/format-error.js';
import { ClosedPipe } from '../output/deliver.js';
import { openSession } from '../session.js';
import type { Terminal } from '../terminal/terminal.js';
import { Completer } from './completer.js';
import { historyFile, readHistory, writeHistory } from './history.js';
import { PendingInput } from './pending-input.js';
import { ShellSession } from './shell-session.js';
import { TypedLines } from './typed-lines.js';

const prompt = 'tributary> ';
const continuedPrompt = '      ...> ';

/** Reads statements and commands until Ctrl-D or \q. From a pipe it behaves the same, without prompts. */
export async function runShell(context: CommandContext): Promise<number> {
  const { terminal, signal } = context;
  await using session = await openSession(context.global);
  const isInteractive = terminal.stdin.isTTY && terminal.stdout.isTTY;
  const history = historyFile(process.env);
  const completer = new Completer(session.engine, signal);
  const input = new PendingInput();
  const typed = new TypedLines();
  const lines = createInterface({
    input: terminal.stdin,
    ...(isInteractive && {
      output: terminal.stdout,
      history: await readHistory(history),
      removeHistoryDuplicates: true,
      completer: (line: string) => completer.complete(input.text, line),
    }),
  });
  if (isInteractive) {
    lines.on('history', (newest) => {
      typed.enter(newest);
      void writeHistory(history, newest).catch(() => undefined);
    });
    terminal.stdout.write(
      `Tributary on ${session.config.title ?? session.config.file}. \\? for help, \\q to leave.\n`,
    );
  }
  const forget = (): void => {
    input.clear();
    typed.clear();
  };
  using running = new Interruptions(lines, forget, signal, isInteractive);
  const shell = new ShellSession(session.engine, terminal);
  return await readLoop({ lines, input, shell, terminal, running, isInteractive });
}

function isClosedPipe(error: unknown): boolean {
  return (error instanceof FailedStatement ? error.cause : error) instanceof ClosedPipe;
}

interface Loop {
  readonly lines: Interface;
  readonly input: PendingInput;
  readonly shell: ShellSession;
  readonly terminal: Terminal;
  readonly running: Interruptions;
  readonly isInteractive: boolean;
}

/** The exit code is that of the last failure where nobody was there to see it. */
async function readLoop({ lines, input, shell, terminal, running, isInteractive }: Loop): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const attempt = async (work: (signal: AbortSignal) => Promise<boolean>): Promise<boolean> => {
    try {
      return await running.during(work);
    } catch (error) {
      if (isClosedPipe(error)) return false;
      terminal.stderr.write(formatError(error, terminal.err));
      if (!isInteractive) exitCode = exitCodeOf(error);
      return !running.isOver;
    }
  };
  const ask = (): void => {
    if (!isInteractive) return;
    lines.setPrompt(input.text === '' ? prompt : continuedPrompt);
    lines.prompt();
  };
  let goesOn = true;
  ask();
  for await (const line of lines) {
    for (const each of input.add(line)) goesOn &&= await attempt((signal) => shell.run(each, signal));
    if (!goesOn) break;
    ask();
  }
  lines.close();
  if (!isInteractive && goesOn && !running.isOver) {
    for (const each of input.takeRest()) await attempt((signal) => shell.run(each, signal));
  }
  if (isInteractive) terminal.stdout.write('\n');
  return exitCode;
}

/** Ctrl-C: stops the running statement, or clears what was typed; never ends the shell. */
class Interruptions implements Disposable {
  readonly #lines: Interface;
  readonly #outer: AbortSignal;
  #current: AbortController | undefined;

  constructor(lines: Interface, forget: () => void, outer: AbortSignal, isInteractive: boolean) {
    this.#lines = lines;
    this.#outer = outer;
    outer.addEventListener('abort', this.#onOuterAbort);
    if (!isInteractive) return;
    lines.on('SIGINT', () => {
      if (this.#current !== undefined) {
        this.#current.abort(new TributaryError('QUERY.CANCELLED', { message: 'Cancelled.' }));
        return;
      }
      forget();
      lines.write(null, { ctrl: true, name: 'e' });
      lines.write(null, { ctrl: true, name: 'u' });
      process.stdout.write('^C\n');
      lines.setPrompt(prompt);
      lines.prompt();
    });
  }

  /** Whether the process itself was told to end. */
  get isOver(): boolean {
    return this.#outer.aborted;
  }

  async during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#current = controller;
    try {
      return await work(AbortSignal.any([controller.signal, this.#outer]));
    } finally {
      this.#current = undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#outer.removeEventListener('abort', this.#onOuterAbort);
  }

  readonly #onOuterAbort = (): void => this.#lines.close();
}
