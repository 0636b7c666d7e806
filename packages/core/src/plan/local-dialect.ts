import { type SqlDialect, duckdbDialect } from '@tributary/contract/render';

/**
 * What the engine's own DuckDB is asked in. It orders joins by what little it knows of staged files:
 * docs/adr/0005-join-order-of-the-engine.md.
 */
export const localDialect: SqlDialect = { ...duckdbDialect, joinsAsWritten: 'nested' };
