import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const startTimeoutMs = 60_000;

/** What there is to know to start a server's process. */
export interface ServerCommand {
  readonly title: string;
  /** The server's own folder: `server.log` and `server.pid` go there. */
  readonly directory: string;
  readonly program: string;
  readonly parameters: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Whether it takes connections, given what it has logged since this start. Asked until it does. */
  isReady(log: string): boolean | Promise<boolean>;
}

/** The file in a server's folder that holds the pid of its process. */
export const pidFile = 'server.pid';

/** Starts a server in the background and resolves when it takes connections. */
export async function startServerProcess(command: ServerCommand): Promise<ChildProcess> {
  const { directory, program, parameters, env } = command;
  const logFile = join(directory, 'server.log');
  const log = await open(logFile, 'a');
  const logged = (await stat(logFile)).size;
  const child = spawn(program, parameters, {
    cwd: directory,
    env,
    // Some servers end with their standard input: it stays open as long as we live.
    stdio: ['pipe', log.fd, log.fd],
    // Ctrl-C in a terminal goes to the whole group: the test decides when its server ends.
    detached: true,
  });
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  try {
    if (child.pid !== undefined) await writeFile(join(directory, pidFile), `${child.pid}\n`);
    const deadline = performance.now() + startTimeoutMs;
    for (;;) {
      const news = (await readFile(logFile)).subarray(logged).toString('utf8');
      if (failure !== undefined || hasEnded(child)) {
        throw new Error(`${command.title} did not start:\n${news.slice(-2000)}`, { cause: failure });
      }
      if (await command.isReady(news)) break;
      if (performance.now() > deadline) {
        throw new Error(`${command.title} was not ready after ${startTimeoutMs} ms:\n${news.slice(-2000)}`);
      }
      await sleep(10);
    }
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    await log.close();
  }
  child.unref();
  // A pipe keeps Node alive like the process behind it.
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child;
}

export type StopSignal = 'SIGTERM' | 'SIGKILL';

/** Sends the signal and waits until the server is gone. */
export async function endServerProcess(child: ChildProcess, signal: StopSignal): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, 'exit');
  child.ref();
  child.kill(signal);
  await exit;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
