import { type Connector, defineConnector } from '@tributary/connector-sdk';
import { createSqlSource } from '@tributary/connector-sdk/sql';
import { classify } from './classify.ts';
import { Database } from './database.ts';
import { dialect } from './dialect.ts';
import { type $TypeName$Options, fields, options } from './options.ts';

export type { $TypeName$Options };

/** The connector as configurations name it: `connector: '$packageName$'`. */
export const $identifier$: Connector<$TypeName$Options> = defineConnector({
  name: '$connectorName$',
  sdkVersion: '^1.0',
  configSchema: options,
  fields,
  create: create$TypeName$Source,
});

/** A source for `createEngine({ sources: [...] })`. Nothing is opened before the first call. */
export function create$TypeName$Source(sourceId: string, { file }: $TypeName$Options) {
  const database = new Database(file);
  return createSqlSource({
    sourceId,
    connector: '$connectorName$',
    driver: database,
    classify,
    // What the cost model assumes: a round trip, the wire, and how dear the source's work is beside the engine's own.
    latencyMs: 0.1,
    bandwidthMbps: 10_000,
    costMultiplier: 2,
    // Sources of one file can be joined there.
    computeContext: `$connectorName$:${database.path}`,
    // Everything here is a claim that the conformance suite checks in both directions: claim only what answers as DuckDB does.
    capabilities: {
      kind: 'sql',
      dialect,
      joins: ['inner', 'left', 'semi', 'anti'],
      setOperations: [],
      aggregate: true,
      groupingSets: false,
      distinct: true,
      distinctOn: false,
      window: false,
      sort: true,
      limit: true,
      offset: true,
      values: false,
      with: false,
      dependentJoin: false,
      keySets: { maxKeys: 10_000, multiColumn: false },
    },
  });
}
