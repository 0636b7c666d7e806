import type { Connector } from '@tributary/contract';
import { z } from 'zod';

/** Text that came out of an environment variable counts as the number it spells. */
const positiveInteger = z.preprocess(
  (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
  z.int({ error: 'must be a whole number' }).positive({ error: 'must be above 0' }),
);

const size = z
  .string({ error: 'must be a size such as 512MB or 2GiB' })
  .regex(/^\d+(\.\d+)?\s*([KMGT]i?)?B$/i, {
    error: 'must be a size such as 512MB or 2GiB',
  });

export const engineSchema = z.strictObject({
  memoryLimit: size.optional(),
  spillDirectory: z.string({ error: 'must be a folder' }).optional(),
  spillQuota: size.optional(),
  threads: positiveInteger.optional(),
  timeoutMs: positiveInteger.optional(),
  maxConcurrentQueries: positiveInteger.optional(),
});

const connectorSchema = z.custom<string | Connector>(
  (value) => (typeof value === 'string' && value !== '') || isConnector(value),
  { error: 'must name a connector, such as postgres or duckdb-s3' },
);

const sourceSchema = z.looseObject(
  { connector: connectorSchema, timeoutMs: positiveInteger.optional() },
  { error: 'must hold `connector` and its options' },
);

export const configSchema = z.strictObject(
  {
    sources: z.record(z.string().min(1), sourceSchema, { error: 'must hold at least one source, by its id' }),
    engine: engineSchema.optional(),
    views: z
      .record(z.string().min(1), z.string({ error: 'must be a SELECT statement' }), {
        error: 'must hold SELECT statements, by the name of the view',
      })
      .optional(),
  },
  {
    error: (issue) =>
      issue.code === 'invalid_type' ? 'must hold `sources`, and may hold `engine` and `views`' : undefined,
  },
);

export function isConnector(value: unknown): value is Connector {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'sdkVersion' in value &&
    'configSchema' in value &&
    'create' in value &&
    typeof value.create === 'function'
  );
}
