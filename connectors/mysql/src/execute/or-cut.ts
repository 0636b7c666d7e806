import { abortError } from '@tributary/connector-sdk';
import type { Connection } from 'mysql2';

/**
 * What becomes of a connection's work, which a KILL ends soon after an abort. A connection that is dead without anybody knowing
 * (a cable, a firewall) answers to no KILL: after `graceMs` milliseconds it is destroyed, and the abort is the error.
 */
export async function orCut<T>(
  work: Promise<T>,
  connection: Pick<Connection, 'destroy'>,
  signal: AbortSignal,
  graceMs = 1000,
): Promise<T> {
  const cut = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    timer = setTimeout(() => {
      connection.destroy();
      cut.reject(abortError(signal));
    }, graceMs);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  try {
    return await Promise.race([work, cut.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', begin);
  }
}
