import type { Terminal } from '../terminal/terminal.js';
import type { GlobalOptions } from '../session.js';

/** What commands work with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C; `signal.reason` is the error to end with. */
  readonly signal: AbortSignal;
  readonly global: GlobalOptions;
}

/** A command's work; resolves to the exit code when it is not 0. */
export type CommandRun<Options> = (context: CommandContext, options: Options) => Promise<void | number>;
