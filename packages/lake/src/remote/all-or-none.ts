import type { Permits } from '@tributary/connector-sdk';
import { withPermit } from '../store/with-permit.js';

/**
 * Runs the work for every item, for some of them at a time. When one fails, the signal of the others is aborted, and the
 * failure is raised after all have ended: nobody writes to a file any more that its owner deletes.
 */
export async function allOrNone<T, R>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<R>,
  places: Permits,
): Promise<readonly R[]> {
  const stop = new AbortController();
  const limited = AbortSignal.any([signal, stop.signal]);
  let failure: { readonly error: unknown } | undefined;
  const results = await Promise.allSettled(
    items.map(async (item) => {
      try {
        return await withPermit(places, limited, () => work(item, limited));
      } catch (error) {
        failure ??= { error };
        stop.abort(error);
        throw error;
      }
    }),
  );
  if (failure !== undefined) throw failure.error;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
