import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = fileURLToPath(new URL('../../../..', import.meta.url));

const search = [dirname(process.execPath), join(root, 'node_modules', '.bin'), process.env['PATH']];
const environment = { ...process.env, PATH: search.join(delimiter), NO_COLOR: '1' };

/**
 * Runs a program to its end, with this process's Node and the repository's tools before those of the machine.
 *
 * @returns what it wrote to stdout
 * @throws Error with everything that it wrote, when it fails
 */
export function runProgram(program: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let all = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      all += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      all += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code} in ${cwd}:\n${all}`));
    });
  });
}
