import type { CallContext } from '@tributary/connector-sdk';

const patienceMs = 30_000;

export function callContext(): CallContext {
  return { signal: AbortSignal.timeout(patienceMs) };
}
