import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The children of a process, from Linux's /proc; elsewhere none are found.
 *
 * PostgreSQL's backends put themselves into sessions of their own, so no process group holds them together.
 */
export async function childrenOf(parent: number): Promise<readonly number[]> {
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const children = await Promise.all(
    pids.map(async (pid) => ((await status(pid, 'PPid')) === String(parent) ? [pid] : [])),
  );
  return children.flat();
}

/** SIGKILL, and back when the process runs no more (it may stay a zombie until init reaps it). */
export async function killHard(pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    return; // It ended before us.
  }
  for (;;) {
    const state = await status(pid, 'State');
    if (state === undefined || state.startsWith('Z')) return;
    await sleep(5);
  }
}

async function status(pid: number, field: string): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return new RegExp(`^${field}:\\s+(.*)$`, 'm').exec(text)?.[1];
}
