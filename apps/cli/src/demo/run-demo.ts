import type { CommandContext } from '../commands/command-context.js';

export async function runDemo(context: CommandContext): Promise<void> {
  context.signal.throwIfAborted();
}
