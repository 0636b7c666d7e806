import type { IFederatedDataSource } from './data-source.js';

/** Version of this contract. A connector names the major version it was built for. */
export const contractVersion = '1.0';

/**
 * A schema for a connector's options: the validating half of Standard Schema v1 (https://standardschema.dev), which
 * zod, valibot and arktype implement.
 */
export interface ConfigSchema<Options> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => ConfigValidation<Options> | Promise<ConfigValidation<Options>>;
  };
}

export type ConfigValidation<Options> =
  | { readonly value: Options; readonly issues?: undefined }
  | { readonly issues: readonly ConfigIssue[] };

export interface ConfigIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

export interface Connector<Options = unknown> {
  /** Short name used in configurations: `postgres`. */
  readonly name: string;
  /** Contract version it was built against, `major.minor`. */
  readonly sdkVersion: string;
  readonly configSchema: ConfigSchema<Options>;
  /** Makes a source. No I/O: a source that is down must not keep an engine from starting. */
  readonly create: (sourceId: string, options: Options) => IFederatedDataSource;
}

/** Identity function that infers and checks a connector's types. */
export function defineConnector<Options>(connector: Connector<Options>): Connector<Options> {
  return connector;
}
