import { chown, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** Who the server runs as. PostgreSQL refuses to run as root. */
export interface ServerIdentity {
  readonly uid: number;
  readonly gid: number;
}

/** The `nobody` of Debian and most other systems: initdb wants a user that is in the user database. */
const nobody: ServerIdentity = { uid: 65534, gid: 65534 };

/** `undefined` for an ordinary user, who starts servers as himself. */
export function serverIdentity(): ServerIdentity | undefined {
  return process.getuid?.() === 0 ? nobody : undefined;
}

/** initdb would say the same, after a stack of ours. @throws Error for a user whom the user database does not know */
export function assertNamedUser(): void {
  if (serverIdentity() !== undefined) return;
  try {
    userInfo();
  } catch (cause) {
    throw new Error(
      `PostgreSQL needs a user that the system knows by name, and user id ${process.getuid?.()} has none.`,
      { cause },
    );
  }
}

export async function giveTo(identity: ServerIdentity | undefined, path: string): Promise<void> {
  if (identity !== undefined) await chown(path, identity.uid, identity.gid);
}

/** Whether everybody may enter every folder above `path`; a clone in /root is closed to all but root. */
export async function isReachable(path: string): Promise<boolean> {
  const parent = dirname(path);
  if (parent === path) return true;
  const { mode } = await stat(parent);
  return (mode & 0o001) !== 0 && isReachable(parent);
}

/** The temp folder, or `/tmp` where the server's user cannot enter the temp folder that root was given. */
export async function serverTempDirectory(): Promise<string> {
  const own = tmpdir();
  return serverIdentity() === undefined || (await isReachable(join(own, 'server'))) ? own : '/tmp';
}
