import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Ends the server and removes its files when this process dies without doing so itself (killed, or crashed).
 *
 * A shell in a session of its own reads a pipe that we never write to: it ends with us, however we end.
 * The server's pid is read only then, since it changes with every restart.
 *
 * @returns ends the watch, and resolves when the shell is gone too; to be called after the files are gone
 */
export function watchOver(directory: string): () => Promise<void> {
  const script = `
    cat > /dev/null
    if [ -f "$1/data/postmaster.pid" ]; then
      read -r pid < "$1/data/postmaster.pid"
      kill -QUIT "$pid"
      tries=50
      while [ "$tries" -gt 0 ] && kill -0 "$pid" 2> /dev/null; do sleep 0.1; tries=$((tries - 1)); done
    fi
    rm -rf "$1"`;
  const shell = spawn('/bin/sh', ['-c', script, 'watchdog', directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  const exit = once(shell, 'exit');
  return async () => {
    shell.ref();
    shell.stdin.end();
    await exit;
  };
}
