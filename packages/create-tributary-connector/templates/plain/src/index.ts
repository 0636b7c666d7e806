import { type Connector, defineConnector } from '@tributary/connector-sdk';
import { createPlainSource } from '@tributary/connector-sdk/plain';
import { Api } from './api.ts';
import { type $TypeName$Options, fields, options } from './options.ts';
import { ApiReader } from './reader.ts';

export type { $TypeName$Options };

/** The connector as configurations name it: `connector: '$packageName$'`. */
export const $identifier$: Connector<$TypeName$Options> = defineConnector({
  name: '$connectorName$',
  sdkVersion: '^1.0',
  configSchema: options,
  fields,
  create: create$TypeName$Source,
});

/** A source for `createEngine({ sources: [...] })`. Nothing is sent before the first call. */
export function create$TypeName$Source(sourceId: string, { url, token }: $TypeName$Options) {
  return createPlainSource({
    sourceId,
    connector: '$connectorName$',
    reader: new ApiReader(new Api(sourceId, url, token)),
    // What the cost model assumes: a round trip, and the wire.
    latencyMs: 50,
    bandwidthMbps: 100,
    maxKeys: 200,
  });
}
