import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const maxLines = 1000;

/** `TRIBUTARY_HISTORY`, else `tributary/history` in the XDG state directory. */
export function historyFile(env: NodeJS.ProcessEnv): string {
  const state = env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  return env['TRIBUTARY_HISTORY'] ?? join(state, 'tributary', 'history');
}

/** Newest first, as readline wants it. A history that cannot be read is none. */
export async function readHistory(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .slice(-maxLines)
    .toReversed();
}

/** For the user alone: statements may hold what nobody else should read. */
export async function writeHistory(file: string, newestFirst: readonly string[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const lines = newestFirst.slice(0, maxLines).toReversed();
  await writeFile(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
}
