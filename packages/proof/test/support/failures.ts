import { answer } from '@tributary/connector-testkit/generate';
import { TributaryError } from '@tributary/contract';
import type { Engine, QueryOptions } from '@tributary/core';
import { expect } from 'vitest';

/** The error of a query that must fail, checked for what every error owes the user. */
export async function failureOf(
  engine: Engine,
  sql: string,
  options: QueryOptions = {},
): Promise<TributaryError> {
  return failure(answer(engine, sql, options));
}

export async function failure(promise: Promise<unknown>): Promise<TributaryError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TributaryError))
    throw new Error('expected a TributaryError', { cause: error ?? 'it succeeded' });
  expect(error.message).not.toBe('');
  expect(error.why).not.toBe('');
  expect(error.fix).not.toBe('');
  return error;
}

/** All that a caller, a log or a terminal may come to see of an error, its causes included. */
export function visibleText(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? '';
  const own = JSON.stringify(
    Object.getOwnPropertyNames(error).map((name) => String(Reflect.get(error, name))),
  );
  const json = error instanceof TributaryError ? JSON.stringify(error) : '';
  return [
    String(error),
    error.stack,
    own,
    json,
    error.cause === undefined ? '' : visibleText(error.cause),
  ].join('\n');
}
