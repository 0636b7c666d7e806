import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './binaries.js';
import { giveTo, serverIdentity } from './identity.js';

const startTimeoutMs = 30_000;

export interface ClusterOptions {
  readonly directory: string;
  readonly binaries: PostgresBinaries;
  readonly user: string;
  readonly password: string;
  readonly locale: string;
}

/** Makes a data directory whose superuser logs in with a password. */
export async function initCluster(options: ClusterOptions): Promise<void> {
  const { directory, binaries, user, password, locale } = options;
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await giveTo(serverIdentity(), passwordFile);
  const localeFlags =
    locale === 'C' ? ['--no-locale'] : ['--locale=C', '--locale-provider=icu', `--icu-locale=${locale}`];
  await promisify(execFile)(
    binaries.initdb,
    [
      `--pgdata=${join(directory, 'data')}`,
      `--username=${user}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-sync',
      ...localeFlags,
    ],
    { ...serverIdentity(), env: serverEnvironment(), cwd: directory },
  );
  await rm(passwordFile);
}

/** Starts the postmaster and resolves when it takes connections. Its output goes to `server.log`. */
export async function startPostmaster(
  directory: string,
  binaries: PostgresBinaries,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const log = await open(join(directory, 'server.log'), 'a');
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(binaries.postgres, ['-D', join(directory, 'data'), '-p', String(port), ...flags], {
    ...serverIdentity(),
    env: serverEnvironment(),
    cwd: directory,
    stdio: ['ignore', log.fd, log.fd],
    // Ctrl-C in a terminal goes to the whole group: the test decides when its server ends.
    detached: true,
  });
  try {
    await untilReady(child, directory);
  } catch (error) {
    child.kill('SIGQUIT');
    throw error;
  } finally {
    await log.close();
  }
  child.unref();
  return child;
}

/** Sends the signal and waits for the postmaster's end. SIGINT is a fast shutdown; SIGTERM waits for every client. */
export async function endPostmaster(child: ChildProcess, signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.ref();
  child.kill(signal);
  await exit;
}

/** The postmaster writes its state into the eighth line of its pid file; pg_ctl waits for it in the same way. */
async function untilReady(child: ChildProcess, directory: string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs;
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  for (;;) {
    const state = await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
    const lines = state.split('\n');
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return;
    if (failure !== undefined || child.exitCode !== null || child.signalCode !== null) {
      const log = await readFile(join(directory, 'server.log'), 'utf8');
      throw new Error(`PostgreSQL did not start:\n${log.slice(-2000)}`, { cause: failure });
    }
    if (performance.now() > deadline) throw new Error(`PostgreSQL was not ready after ${startTimeoutMs} ms`);
    await sleep(5);
  }
}

/** Nothing of the caller's: PGPORT, LC_ALL and the like would change what the server does. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}
