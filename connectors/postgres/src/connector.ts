import { TributaryError } from '@tributary/contract/errors';
import { defineConnector, type Connector } from '@tributary/contract/source';
import { optionFields } from './option-fields.js';
import { optionsSchema, type PostgresOptions, type PostgresOptionsInput } from './options.js';
import { PostgresSource } from './source.js';

/** `{ connector: postgres, url: ... }` in a configuration. */
export const postgres: Connector<PostgresOptions> = defineConnector({
  name: 'postgres',
  sdkVersion: '^1.0',
  configSchema: optionsSchema,
  fields: optionFields,
  create: (sourceId, options) => new PostgresSource(sourceId, options),
});

/**
 * A PostgreSQL source for `createEngine({ sources: [...] })`. Connects at the first query.
 *
 * @throws TributaryError CONFIG.INVALID for options that do not fit
 */
export function createPostgresSource(sourceId: string, options: PostgresOptionsInput): PostgresSource {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return new PostgresSource(sourceId, parsed.data);
  throw new TributaryError('CONFIG.INVALID', {
    message: parsed.error.issues
      .map(({ path, message }) => `${[sourceId, ...path].map(String).join('.')}: ${message}`)
      .join('; '),
    sourceId,
  });
}
