import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

export interface CliOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Called when the process runs, to send it signals. */
  readonly onStart?: (child: ChildProcess) => void;
}

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command to its end. */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return runProgram(process.execPath, [bin, ...args], options);
}

export async function runProgram(
  command: string,
  args: readonly string[],
  options: CliOptions,
): Promise<CliResult> {
  const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
  const child = spawn(command, args, { cwd: options.cwd, env: { ...inherited, ...options.env } });
  options.onStart?.(child);
  child.stdin.on('error', () => undefined);
  if (options.input !== undefined) child.stdin.write(options.input);
  if (options.onStart === undefined) child.stdin.end();
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}
