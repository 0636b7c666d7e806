import * as fc from 'fast-check';
import type { GeneratorWorld } from './maker.js';
import { type GeneratedQuery, generatedQuery } from './queries.js';

/** The numbers that a query is made of, 200 for a large one. Without bias: small numbers are simple queries, of which there are enough. */
const numbers = fc.noBias(fc.array(fc.nat({ max: 9999 }), { minLength: 20, maxLength: 200, size: 'max' }));

/** Half a minute of shrinking makes a statement small enough. */
const shrinkingMs = 30_000;

/** Enough to keep two cores busy while single queries wait for PostgreSQL. */
const concurrency = 6;

type Check = (query: GeneratedQuery) => Promise<void>;

export interface Failure {
  readonly index: number;
  readonly error: unknown;
}

/** Which statements: `count` of them, the same for the same seed. */
export interface Sample {
  readonly world: GeneratorWorld;
  readonly seed: number;
  readonly count: number;
  /** The statement to begin with, counted from 0; those before it come last. Default: the first. */
  readonly startAt?: number;
}

/** Checks generated queries, several at a time, until one fails. */
export async function firstFailure(
  { world, seed, count, startAt = 0 }: Sample,
  check: Check,
): Promise<Failure | undefined> {
  const samples = fc.sample(numbers, { seed, numRuns: count });
  const failures: Failure[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let turn = next++; turn < samples.length && failures.length === 0; turn = next++) {
      const index = (startAt + turn) % samples.length;
      await check(generatedQuery(samples[index] ?? [], world)).catch((error: unknown) =>
        failures.push({ index, error }),
      );
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return failures[0];
}

/**
 * Checks generated queries. The first that fails is made again from the seed and shrunk: the error names the seed, the
 * smallest statement that still fails, and how it fails.
 */
export async function checkGenerated(sample: Sample, check: Check): Promise<void> {
  const { world, seed, count } = sample;
  const failure = await firstFailure(sample, check);
  if (failure === undefined) return;
  await fc.assert(
    fc.asyncProperty(numbers, (list) => check(generatedQuery(list, world))),
    { seed, path: String(failure.index), numRuns: count, interruptAfterTimeLimit: shrinkingMs },
  );
  throw new Error(`seed ${seed}, query ${failure.index}: fails only while others run`, {
    cause: failure.error,
  });
}
