import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/**
 * Does something that only one process of this machine may do at a time; others wait for their turn.
 *
 * The lock is a Unix socket in Linux's abstract namespace: the kernel gives it back when its holder dies, so no lock is
 * ever stale, and those who wait stay connected to the holder and learn of its end at once.
 */
export async function whileLocked(path: string, act: () => Promise<void>): Promise<void> {
  const name = `\0tributary-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
  for (;;) {
    const release = await tryLock(name);
    if (release === undefined) {
      await untilReleased(name);
      continue;
    }
    try {
      return await act();
    } finally {
      await release();
    }
  }
}

async function tryLock(name: string): Promise<(() => Promise<void>) | undefined> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    // A waiting process that is killed resets its connection, which is no business of ours.
    socket.on('error', () => socket.destroy()).on('close', () => waiting.delete(socket));
  });
  if (!(await listens(server, name))) return undefined;
  return async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of waiting) socket.destroy();
    await closed;
  };
}

function listens(server: Server, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(name, () => resolve(true));
  });
}

async function untilReleased(name: string): Promise<void> {
  const socket = createConnection(name);
  await new Promise<void>((resolve) => {
    // Refused: the holder went between our two calls.
    socket.on('error', () => socket.destroy()).on('close', () => resolve());
    socket.resume();
  });
}
