import type { OptionField } from '@tributary/connector-sdk';
import { z } from 'zod';
import { tableOptions } from './table-options.js';

const cacheOptions = z.strictObject({
  /** Folder of the cache, which processes may share. Default: `tributary/lake` in the user's cache folder. */
  directory: z.string().min(1).optional(),
  /** Bytes on disk; what was used longest ago goes first. Default: 10 GiB. */
  maxBytes: z.int().positive().optional(),
});

/** Defaults hold until requests have been timed: then what was measured does. */
const costOptions = z.strictObject({
  /** Milliseconds of a round trip. Default: 50; 1 for an endpoint in a private network. */
  latencyMs: z.number().nonnegative().optional(),
  /** Megabits per second. Default: 800; 8000 for an endpoint in a private network. */
  bandwidthMbps: z.number().positive().optional(),
  /** Price relative to local work. Default: 5, as for a store in another region; 1 for an endpoint in a private network. */
  costMultiplier: z.number().positive().optional(),
});

/** Options that every object store's connector has, to be spread into its own object schema. */
export const storeOptionShape = {
  /** Tables by name. Without it, files and folders below the prefix are the tables. */
  tables: z.record(z.string().min(1), tableOptions).optional(),
  /** Most objects of one listing. Default: 100,000. */
  maxFiles: z.int().positive().optional(),
  /** Milliseconds for which a listing is taken for true; 0, the default: every query lists anew. */
  freshnessMs: z.number().nonnegative().optional(),
  /** What was fetched stays on disk; `false` keeps nothing. */
  cache: z.union([z.literal(false), cacheOptions]).optional(),
  cost: costOptions.optional(),
  /** Requests in flight at a time. Default: 16. */
  maxRequests: z.int().positive().optional(),
  /** Tries of one request. Default: 5. */
  attempts: z.int().positive().optional(),
  /** Milliseconds without an answer, or a further byte of one, after which a request is made again. Default: 20,000. */
  requestTimeoutMs: z.int().positive().optional(),
};

const storeOptions = z.strictObject(storeOptionShape);

export type StoreOptions = Omit<z.output<typeof storeOptions>, 'tables' | 'maxFiles'>;

/** The same options for tools. */
export const storeOptionFields: Readonly<Record<string, OptionField>> = {
  tables: { description: 'Tables by name; without it, files and folders below the prefix are the tables.' },
  maxFiles: { description: 'Most objects of one listing; more are an error.', default: 100_000 },
  freshnessMs: { description: 'Milliseconds for which a listing is taken for true.', default: 0 },
  cache: { description: 'Cache on disk: directory and maxBytes, or false.' },
  'cache.directory': { description: 'Folder of the cache, which processes may share.', file: true },
  'cache.maxBytes': { description: 'Bytes of the cache on disk.', default: 10 * 1024 ** 3 },
  cost: { description: 'What the store costs, for the planner.' },
  'cost.latencyMs': { description: 'Milliseconds of a round trip.' },
  'cost.bandwidthMbps': { description: 'Megabits per second.' },
  'cost.costMultiplier': { description: 'Price relative to local work.' },
  maxRequests: { description: 'Requests in flight at a time.', default: 16 },
  attempts: { description: 'Tries of one request.', default: 5 },
  requestTimeoutMs: {
    description: 'Milliseconds without a byte before a request is made again.',
    default: 20_000,
  },
};

/** Fields of options that stand below a key. */
export function fieldsBelow(
  key: string,
  fields: Readonly<Record<string, OptionField>>,
): Readonly<Record<string, OptionField>> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [`${key}.${name}`, field]));
}
