import { abortError } from '@tributary/connector-sdk';

/** File-system calls share libuv's four threads with DuckDB: more at once only queue. */
const localCalls = 4;

/** Maps in order with a few calls at a time; the first failure ends it. */
export async function mapFiles<T, R>(
  items: readonly T[],
  signal: AbortSignal,
  map: (item: T) => Promise<R>,
  inFlight = localCalls,
): Promise<R[]> {
  const entries = items.entries();
  const results: { readonly index: number; readonly result: R }[] = [];
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    // The workers share one iterator: each takes the next item that nobody has.
    for (const [index, item] of entries) {
      if (signal.aborted) throw abortError(signal);
      if (hasFailed) return;
      try {
        results.push({ index, result: await map(item) });
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, items.length) }, worker));
  return results.toSorted((a, b) => a.index - b.index).map(({ result }) => result);
}
