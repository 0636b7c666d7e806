import { Socket } from 'node:net';
import { streamOf } from '../wire/connection-stream.js';
import type { Session } from './connect.js';

/** Connections that nobody uses: each is closed after a while, and none keeps the process alive. */
export class IdleSessions {
  readonly #timeoutMs: number;
  readonly #forget = new Map<Session, () => void>();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** The one that was used last, if there is one. */
  take(): Session | undefined {
    const session = [...this.#forget.keys()].at(-1);
    if (session === undefined) return undefined;
    this.#forget.get(session)?.();
    return session;
  }

  keep(session: Session): void {
    const stream = streamOf(session.connection);
    if (stream.destroyed || !stream.writable) {
      session.connection.destroy();
      return;
    }
    const drop = (): void => {
      forget();
      session.connection.destroy();
    };
    const timer = setTimeout(drop, this.#timeoutMs).unref();
    const forget = (): void => {
      clearTimeout(timer);
      stream.off('end', drop).off('close', drop);
      if (stream instanceof Socket) stream.ref();
      this.#forget.delete(session);
    };
    // The server closes what it finds idle too long, and everything when it stops.
    stream.once('end', drop).once('close', drop);
    if (stream instanceof Socket) stream.unref();
    this.#forget.set(session, forget);
  }

  close(): void {
    for (const session of this.#forget.keys()) {
      this.#forget.get(session)?.();
      session.connection.destroy();
    }
  }
}
