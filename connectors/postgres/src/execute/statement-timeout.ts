import type { PoolClient } from 'pg';
import type { Lease } from './connections.js';

/** What each session's statement_timeout is; a session starts with none. */
const current = new WeakMap<PoolClient, number>();

/** Sets the server's limit for the session's next statements. A round trip only where it changes. */
export async function statementTimeout(lease: Lease, milliseconds: number): Promise<void> {
  if ((current.get(lease.client) ?? 0) === milliseconds) return;
  await lease.client.query(`SET statement_timeout = ${milliseconds}`);
  current.set(lease.client, milliseconds);
}
