import type { Permits } from '@tributary/connector-sdk';

/** Does the work once there is a permit for it, which goes back when it has ended. */
export async function withPermit<T>(
  permits: Permits,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  await permits.take(signal);
  try {
    return await work();
  } finally {
    permits.give();
  }
}
