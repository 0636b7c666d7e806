import { TributaryError } from '@tributary/connector-sdk';

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
