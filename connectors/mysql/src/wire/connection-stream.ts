import { Duplex } from 'node:stream';
import { TributaryError } from '@tributary/contract/errors';
import type { Connection } from 'mysql2';

/**
 * The socket of a connection, which mysql2 has but does not declare. With TLS it is the encrypted one, put in the other's place
 * when the connection was made.
 */
export function streamOf(connection: Connection): Duplex {
  const stream: unknown = Reflect.get(connection, 'stream');
  if (!(stream instanceof Duplex)) {
    throw new TributaryError('ENGINE.INTERNAL', { message: 'This mysql2 does not show its socket.' });
  }
  if (Reflect.get(connection.config, 'compress')) {
    throw new TributaryError('ENGINE.INTERNAL', {
      message: 'Rows cannot be read from a connection that compresses.',
    });
  }
  return stream;
}
