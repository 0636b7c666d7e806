import { type Connector, contractVersion, defineConnector } from '@tributary/connector-sdk';
import { createSqlSource } from '@tributary/connector-sdk/sql';
import { classify } from './classify.ts';
import { Database } from './database.ts';
import { dialect } from './dialect.ts';
import { type __TypeName__Options, options } from './options.ts';

export type { __TypeName__Options };

/** The connector as configurations name it: `connector: '__packageName__'`. */
export const __identifier__: Connector<__TypeName__Options> = defineConnector({
  name: '__connectorName__',
  sdkVersion: contractVersion,
  configSchema: options,
  create: create__TypeName__Source,
});

/** A source for `createEngine({ sources: [...] })`. Nothing is opened before the first call. */
export function create__TypeName__Source(sourceId: string, { file, baseDirectory }: __TypeName__Options) {
  const database = new Database(file, baseDirectory);
  return createSqlSource({
    sourceId,
    connector: '__connectorName__',
    driver: database,
    classify,
    // What the cost model assumes: a round trip, the wire, and how dear the source's work is beside the engine's own.
    latencyMs: 0.1,
    bandwidthMbps: 10_000,
    costMultiplier: 2,
    // Sources of one file can be joined there.
    computeContext: `__connectorName__:${database.path}`,
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
