import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { perStatementFunctions, volatileFunctions } from './volatility.js';

it('lists the functions that DuckDB declares to have more than one value', async () => {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    'SELECT DISTINCT stability, function_name FROM duckdb_functions() ORDER BY ALL',
  );
  connection.closeSync();
  instance.closeSync();
  const declaredAs = (declared: string): readonly unknown[] =>
    reader.getRowsJson().flatMap(([stability, name]) => (stability === declared ? name : []));
  // DuckDB says that these are constant: what is of the moment of binding, which to it is that of running.
  const ofOurOwn = new Set(['getvariable', 'age', 'current_localtime', 'current_localtimestamp']);
  expect([...volatileFunctions.difference(ofOurOwn)].toSorted()).toEqual(declaredAs('VOLATILE'));
  expect([...perStatementFunctions.difference(ofOurOwn)].toSorted()).toEqual(
    declaredAs('CONSISTENT_WITHIN_QUERY'),
  );
});
