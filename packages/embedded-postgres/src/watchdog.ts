import { spawn } from 'node:child_process';
import { once } from 'node:events';

const postmaster = { pidFile: 'data/postmaster.pid', signal: 'QUIT' } as const;

/**
 * Ends the server and removes its files when this process dies without doing so itself (killed, or crashed).
 *
 * A shell in a session of its own reads a pipe that we never write to: it ends with us, however we end.
 * The server's pid is read only then, since it changes with every restart.
 *
 * @param server the file below `directory` that starts with the server's pid, and the signal that ends it
 * @returns ends the watch, and resolves when the shell is gone too; to be called after the files are gone
 */
export function watchOver(
  directory: string,
  server: { readonly pidFile: string; readonly signal: 'QUIT' | 'KILL' } = postmaster,
): () => Promise<void> {
  const script = `
    cat > /dev/null
    if [ -f "$1/$2" ]; then
      read -r pid < "$1/$2"
      kill "-$3" "$pid"
      tries=50
      while [ "$tries" -gt 0 ] && kill -0 "$pid" 2> /dev/null; do sleep 0.1; tries=$((tries - 1)); done
    fi
    rm -rf "$1"`;
  const shell = spawn('/bin/sh', ['-c', script, 'watchdog', directory, server.pidFile, server.signal], {
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
