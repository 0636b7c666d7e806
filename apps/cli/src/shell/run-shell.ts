import type { CommandContext } from '../commands/command-context.js';

export async function runShell(context: CommandContext): Promise<void> {
  context.signal.throwIfAborted();
}
