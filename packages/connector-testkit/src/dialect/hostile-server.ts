import type { IFederatedDataSource } from '@tributary/connector-sdk';

/**
 * A server with a table for each type of the database: `id`, a whole number from 0 or 1 on, and `a` and `b`, all pairs of the type's
 * values at which engines disagree. NULL is one of the values.
 */
export interface HostileServer<Type extends string> extends AsyncDisposable {
  /** What it is called where it differs. */
  readonly title: string;
  readonly source: IFederatedDataSource;
  /** The path of a type's table. */
  readonly table: (type: Type) => readonly string[];
}
