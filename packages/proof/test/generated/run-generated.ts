import * as fc from 'fast-check';
import type { GeneratedQuery } from './queries.js';
import { generatedQuery } from './queries.js';

/** The numbers that a query is made of, 200 for a large one. Without bias: small numbers are simple queries, of which there are enough. */
export const numbers = fc.noBias(fc.array(fc.nat({ max: 9999 }), { minLength: 20, maxLength: 200, size: 'max' }));

/** A minute of shrinking makes a statement small enough. */
const shrinkingMs = 60_000;

/**
 * Checks `count` generated queries, `concurrency` at a time. The first that fails is made again from the seed and shrunk: the
 * error names the seed, the smallest statement that still fails, and how it fails.
 */
export async function checkGenerated(
  seed: number,
  count: number,
  concurrency: number,
  check: (query: GeneratedQuery) => Promise<void>,
): Promise<void> {
  const samples = fc.sample(numbers, { seed, numRuns: count });
  const failed: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < samples.length && failed.length === 0; index = next++) {
      try {
        await check(generatedQuery(samples[index] ?? []));
      } catch (error) {
        failed.push(index);
        first ??= error;
      }
    }
  };
  let first: unknown;
  await Promise.all(Array.from({ length: concurrency }, worker));
  const [index] = failed;
  if (index === undefined) return;
  await fc.assert(
    fc.asyncProperty(numbers, (list) => check(generatedQuery(list))),
    { seed, path: String(index), numRuns: count, interruptAfterTimeLimit: shrinkingMs },
  );
  // It passes on its own: what failed needs the company of others.
  throw new Error(`seed ${seed}, query ${index}, only while others run`, { cause: first });
}
