import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program of the machine. @throws Error with the last lines it printed, or saying that it is not there */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  try {
    const { stdout } = await execute(program, parameters, { ...options, maxBuffer: 1 << 26 });
    return stdout;
  } catch (cause) {
    throw new Error(`\`${program} ${parameters.join(' ')}\` failed: ${lastLines(cause)}`, { cause });
  }
}

function lastLines(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if ('code' in cause && cause.code === 'ENOENT') return 'the program is not installed on this machine';
  const printed = ['stdout', 'stderr'].map((stream) => String(Reflect.get(cause, stream) ?? '')).join('\n');
  return printed.trim().split('\n').slice(-15).join('\n') || cause.message;
}
