import type { ParameterValue } from '@tributary/connector-sdk';
import type { PushdownMode } from '@tributary/core';
import type { GeneratedQuery } from '../generate/queries.js';
import type { World } from '../world/world.js';
import { checkQuery, comparedModes } from './check-query.js';

interface Statement {
  readonly sql: string;
  /** The rows come in a settled order. Default false. */
  readonly ordered?: boolean;
  readonly parameters?: readonly ParameterValue[];
  /** The statement with its parameters written out; default `sql`. */
  readonly plainSql?: string;
}

/** The source answers as plain DuckDB does, asked and only read. @throws an error that shows the statement and the rows */
export function sameEverywhere(
  { engine, duckdb }: World,
  { sql, ordered = false, parameters = [], plainSql = sql }: Statement,
  modes: readonly PushdownMode[] = comparedModes,
): Promise<void> {
  const query: GeneratedQuery = { sql, plainSql, parameters, ordered };
  return checkQuery(engine, duckdb, query, modes);
}
