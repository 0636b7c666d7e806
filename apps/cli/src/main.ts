import { CommanderError } from 'commander';
import type { CommandRun } from './commands/command-context.js';
import { exitCodeOf, exitCodes } from './errors/exit-codes.js';
import { formatError } from './errors/format-error.js';
import { assertWritten } from './output/deliver.js';
import { buildProgram } from './program.js';
import type { GlobalOptions } from './session.js';
import { withInterrupt } from './terminal/interrupt.js';
import { processTerminal } from './terminal/terminal.js';

/** Runs the command line; resolves to the process's exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  // Without a listener the reader's leaving (`| head`) or a full disk would be an uncaught exception.
  terminal.stdout.on('error', () => undefined);
  let exitCode: number = exitCodes.done;
  const invoke = async <Options>(
    run: CommandRun<Options>,
    options: Options,
    global: GlobalOptions,
  ): Promise<void> => {
    exitCode =
      (await withInterrupt((signal) => run({ terminal, signal, global }, options))) ?? exitCodes.done;
  };
  try {
    await buildProgram(invoke).parseAsync([...args], { from: 'user' });
    assertWritten(terminal.stdout);
    return exitCode;
  } catch (error) {
    // Commander has printed what it has to say; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    terminal.stderr.write(formatError(error, terminal.err));
    return exitCodeOf(error);
  }
}
