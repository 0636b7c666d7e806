import type { IFederatedDataSource } from './data-source.js';

/**
 * Version of this contract, `major.minor`. A new minor version adds what older connectors need not know; a new major one may break
 * them.
 */
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

/** What tools know of an option without running the schema: enough for help, forms, environment variables and redaction. */
export interface OptionField {
  /** One sentence, with the unit where there is one. */
  readonly description: string;
  /** Whether the value is never shown: in no error, log or explain. */
  readonly secret?: boolean;
  /** Whether the value is the path of a file or folder; a relative one is relative to the configuration. */
  readonly file?: boolean;
  /** Environment variable that holds the value where the configuration has none. Set but empty counts as not set. */
  readonly env?: string;
  /** What holds where the option is absent, for people; the schema fills it in. */
  readonly default?: string | number | boolean;
}

export interface Connector<Options = unknown> {
  /** Short name used in configurations: `postgres`. */
  readonly name: string;
  /**
   * The versions of the contract that it works with, as a range: `^1.0` is 1.0 and everything newer below 2.0. A bare
   * `1.0` means the same. Also `=1.2`, `>=1.2 <3.0`, and alternatives: `^1.2 || ^2.0`.
   */
  readonly sdkVersion: string;
  readonly configSchema: ConfigSchema<Options>;
  /** The options by key, in the order in which they are to be shown; a nested one by its path: `ssl.ca`. */
  readonly fields?: Readonly<Record<string, OptionField>>;
  /**
   * Makes a source of options that the schema has checked. No I/O: a source that is down must not keep an engine from starting.
   * (A method, so that every connector is a `Connector` to whoever holds connectors of all kinds.)
   */
  create(sourceId: string, options: Options): IFederatedDataSource;
}

/** Identity function that infers and checks a connector's types. */
export function defineConnector<Options>(connector: Connector<Options>): Connector<Options> {
  return connector;
}
