import type { IFederatedDataSource } from '@tributary/connector-sdk';

type Awaitable<T> = T | Promise<T>;

/**
 * What a test can only do to a source from outside. A hook that cannot be had is declared in `knownGaps`; one that is
 * neither given nor declared fails the checks that need it.
 */
export interface Hooks {
  /** A source as `create` makes it, but for its password, which is this one and wrong. */
  wrongCredentials?(sourceId: string, password: string): Awaitable<IFederatedDataSource>;
  /**
   * Breaks what the source is reading: cuts its connections, kills its session, truncates the file. Called while an answer
   * streams. What it returns puts things right again.
   */
  interrupt?(): Awaitable<void | (() => Awaitable<void>)>;
  /** Drops a column of a fixture table, behind the source's back. */
  dropColumn?(table: string, column: string): Awaitable<void>;
  /** Statements that the server is working on for sources of `create`; idle connections do not count. */
  activeStatements?(): Awaitable<number>;
  /** What the server has sent to sources of `create` since it started. Needs one figure at least. */
  traffic?(): Awaitable<Traffic>;
}

export interface Traffic {
  readonly bytes?: number;
  readonly statements?: number;
}

export type HookName = keyof Hooks;
