import { type Connector, defineConnector, TributaryError } from '@tributary/connector-sdk';
import { optionFields } from './option-fields.js';
import { type MySqlOptions, type MySqlOptionsInput, optionsSchema } from './options.js';
import { type MySqlSource, mySqlSource } from './source.js';

/** `{ connector: mysql, url: ... }` in a configuration. */
export const mysql: Connector<MySqlOptions> = defineConnector({
  name: 'mysql',
  sdkVersion: '^1.0',
  configSchema: optionsSchema,
  fields: optionFields,
  create: mySqlSource,
});

/**
 * A MySQL or MariaDB source for `createEngine({ sources: [...] })`. Connects at the first query.
 *
 * @throws TributaryError CONFIG.INVALID for options that do not fit
 */
export function createMySqlSource(sourceId: string, options: MySqlOptionsInput): MySqlSource {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return mySqlSource(sourceId, parsed.data);
  throw new TributaryError('CONFIG.INVALID', {
    message: parsed.error.issues
      .map(({ path, message }) => `${[sourceId, ...path].map(String).join('.')}: ${message}`)
      .join('; '),
    sourceId,
  });
}
