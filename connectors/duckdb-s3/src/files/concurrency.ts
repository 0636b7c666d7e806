import { abortError } from '@tributary/contract';

/** File-system calls share libuv's four threads with DuckDB: more at once only queue. */
const inFlight = 4;

/** Maps in order with a few calls at a time; the first failure ends it. */
export async function mapFiles<T, R>(
  items: readonly T[],
  signal: AbortSignal,
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      if (signal.aborted) throw abortError(signal);
      const item = items[index];
      if (item !== undefined) results.set(index, await map(item));
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, items.length) }, worker));
  return Array.from(results.entries())
    .sort(([a], [b]) => a - b)
    .map(([, result]) => result);
}
