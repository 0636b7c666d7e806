import {
  type Connector,
  type IFederatedDataSource,
  type SqlCapabilities,
  TributaryError,
  defineConnector,
} from '@tributary/connector-sdk';
import { createSqlSource } from '@tributary/connector-sdk/sql';
import { ClickhouseDriver } from './clickhouse-driver.js';
import { clickhouseDialect } from './dialect/clickhouse-dialect.js';
import { classifyError } from './errors/classify.js';
import { optionFields } from './option-fields.js';
import { type ClickhouseOptions, type ClickhouseOptionsInput, optionsSchema } from './options.js';
import { prepareRelation } from './plan/prepare-relation.js';
import { toClickhouseText } from './types/value-text.js';

const capabilities: SqlCapabilities = {
  kind: 'sql',
  dialect: clickhouseDialect,
  // Mark joins (IN as a value) would lose NULLs: ClickHouse's IN is false where it is unknown. Single joins would lose an error: of
  // several rows of a correlated scalar sub-select ClickHouse takes one.
  joins: ['inner', 'left', 'right', 'full', 'semi', 'anti'],
  // ALL keeps other counts than the standard's, except in a union.
  setOperations: ['union', 'union-all', 'except', 'intersect'],
  aggregate: true,
  // 26.7 loses groups where a Nullable key is NULL: `(x), (x, y)` over a row of two NULLs gives one row, not two.
  groupingSets: false,
  distinct: true,
  // ClickHouse takes the first row before it sorts.
  distinctOn: false,
  window: true,
  sort: true,
  limit: true,
  offset: true,
  values: true,
  with: true,
  dependentJoin: false,
  keySets: { maxKeys: 100_000, multiColumn: false, exact: () => true },
};

type ClickhouseSource = IFederatedDataSource & AsyncDisposable;

/** `{ connector: clickhouse, url: ... }` in a configuration. */
export const clickhouse: Connector<ClickhouseOptions> = defineConnector({
  name: 'clickhouse',
  sdkVersion: '^1.0',
  configSchema: optionsSchema,
  fields: optionFields,
  create: sourceOf,
});

/**
 * A ClickHouse source for `createEngine({ sources: [...] })`. Connects at the first query.
 *
 * @throws TributaryError CONFIG.INVALID for options that do not fit
 */
export function createClickhouseSource(sourceId: string, options: ClickhouseOptionsInput): ClickhouseSource {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return sourceOf(sourceId, parsed.data);
  throw new TributaryError('CONFIG.INVALID', {
    message: parsed.error.issues
      .map(({ path, message }) => `${[sourceId, ...path].map(String).join('.')}: ${message}`)
      .join('; '),
    sourceId,
  });
}

function sourceOf(sourceId: string, options: ClickhouseOptions): ClickhouseSource {
  const { host, port, user } = options.server;
  return createSqlSource({
    sourceId,
    connector: 'clickhouse',
    latencyMs: options.latencyMs,
    bandwidthMbps: options.bandwidthMbps,
    costMultiplier: options.costMultiplier,
    // Another user may see other rows and tables, so he is another context.
    computeContext: `clickhouse://${encodeURIComponent(user)}@${host}:${port}`,
    capabilities,
    driver: new ClickhouseDriver(options),
    classify: classifyError,
    prepareRelation: (rel, tables) => prepareRelation(rel, tables, options),
    hasValue: (type, text) => toClickhouseText(type, text) !== undefined,
  });
}
