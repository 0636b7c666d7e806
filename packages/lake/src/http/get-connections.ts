import { GetConnection, type GetAnswer, type GetRequest } from './get-connection.js';

/** Connections to one server, each used again and again; who asks bounds how many GETs there are at a time. */
export class GetConnections {
  readonly origin: URL;
  readonly #all = new Set<GetConnection>();
  readonly #idle: GetConnection[] = [];
  #isClosed = false;

  /** @param origin `https://host:port`, `http://host:port` */
  constructor(origin: URL) {
    this.origin = origin;
  }

  /** @throws the signal's reason, or an error of the network */
  async get(request: GetRequest): Promise<GetAnswer> {
    request.signal.throwIfAborted();
    if (this.#isClosed) throw new Error('The connections to the store are closed.');
    for (;;) {
      const connection = this.#take();
      const { isProven } = connection;
      let hasAnswer = false;
      const onBytes = (): void => {
        hasAnswer = true;
        request.onBytes?.();
      };
      try {
        const answer = await connection.get({ ...request, onBytes });
        if (this.#isClosed) connection.close();
        else if (connection.isUsable) this.#idle.push(connection);
        return answer;
      } catch (error) {
        connection.close();
        // A server may close a connection at the moment at which it is used again.
        if (!isProven || hasAnswer || request.signal.aborted || this.#isClosed) throw error;
      }
    }
  }

  /** What still runs fails. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#all) connection.close();
  }

  #take(): GetConnection {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle === undefined) break;
      if (idle.isUsable) return idle;
    }
    const connection: GetConnection = new GetConnection(this.origin, () => this.#all.delete(connection));
    this.#all.add(connection);
    return connection;
  }
}
