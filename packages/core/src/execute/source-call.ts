import type {
  ExecuteContext,
  IFederatedDataSource,
  RemoteQueryPlan,
  RemoteResult,
} from '@tributary/contract';
import { untilAborted } from './aborting.js';
import type { SourceClock } from './source-clock.js';
import { sourceError } from './source-errors.js';

/** Calls a source under its clock. A result that comes after the abort is closed, not lost. */
export async function callSource(
  source: IFederatedDataSource,
  plan: RemoteQueryPlan,
  context: ExecuteContext,
  clock: SourceClock,
  pending: Set<Promise<unknown>>,
): Promise<RemoteResult> {
  clock.run();
  const work = source.executeRemoteQuery(plan, context);
  track(pending, work);
  try {
    return await untilAborted(work, clock.signal);
  } catch (error) {
    track(pending, work.then(discard));
    throw sourceError(error, source.sourceId, clock.signal);
  } finally {
    clock.pause();
  }
}

/** A source's batches under its clock, which stands while the reader works. */
export async function* timedBatches<T>(
  batches: AsyncIterable<T>,
  sourceId: string,
  clock: SourceClock,
  pending: Set<Promise<unknown>>,
): AsyncGenerator<T, void, undefined> {
  const iterator = batches[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      clock.run();
      const step = iterator.next();
      track(pending, step);
      const { done, value } = await untilAborted(step, clock.signal);
      clock.pause();
      if (done === true) break;
      yield value;
    }
    ended = true;
  } catch (error) {
    throw sourceError(error, sourceId, clock.signal);
  } finally {
    clock.pause();
    if (!ended) track(pending, close(iterator));
  }
}

/** Remembers work that must have ended before the query's resources go. */
function track(pending: Set<Promise<unknown>>, work: Promise<unknown>): void {
  pending.add(work);
  const forget = (): void => {
    pending.delete(work);
  };
  work.then(forget, forget);
}

async function close(iterator: AsyncIterator<unknown>): Promise<void> {
  await iterator.return?.();
}

async function discard(result: RemoteResult): Promise<void> {
  if (result.kind === 'relation') await result.release();
  else await close(result.batches[Symbol.asyncIterator]());
}
