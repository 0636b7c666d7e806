import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { commandLine } from '../terminal/command-line.js';
import { UsageError } from '../errors/usage-error.js';
import type { CommandContext } from './command-context.js';
import { configTemplate } from './config-template.js';

export interface InitOptions {
  readonly force: boolean;
}

/** Writes a commented tributary.yaml into the working directory (or to the path of --config). */
export async function runInit(context: CommandContext, { force }: InitOptions): Promise<void> {
  const path = resolve(context.global.config ?? 'tributary.yaml');
  try {
    await writeFile(path, configTemplate, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw new UsageError(`${path} exists already; --force overwrites it.`, { cause });
    }
    throw new UsageError(
      `${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  context.terminal.stderr.write(
    `Wrote ${path}.\nEdit its sources, then try:\n${['doctor', 'tables', 'shell'].map((next) => `  ${commandLine()} ${next}\n`).join('')}`,
  );
}
