import type { Connector, IFederatedDataSource } from '@tributary/connector-sdk';
import type { Fixtures } from '../fixtures/fixture-table.js';
import type { Hooks } from './hooks.js';
import type { KnownGap } from './known-gap.js';

/** A connector, and what the suite needs to try it. */
export interface ConformanceSubject {
  readonly connector: Pick<Connector, 'name' | 'sdkVersion'>;
  /** What the report calls it, where one connector is tried on several servers. Default: the connector's name. */
  readonly name?: string;
  /** A new source on the server that `fixtures` fills. The suite closes it. */
  create(sourceId: string): IFederatedDataSource | Promise<IFederatedDataSource>;
  readonly fixtures: Fixtures;
  readonly hooks?: Hooks;
  readonly knownGaps?: readonly KnownGap[];
  /** Texts that must never be seen: the password that `create` uses, a token. */
  readonly secrets?: readonly string[];
  /** Of the generated statements, so that a failure can be had again. Default: always the same. */
  readonly seed?: number;
  /** How many statements are generated. Default 180; fewer than that is not enough for the grade `stable`. */
  readonly statements?: number;
}

/** Any runner's way to register a test: `it` of vitest, `test` of node:test. */
export type RegisterTest = (name: string, run: () => Promise<void>) => unknown;

export interface ConformanceOptions extends ConformanceSubject {
  readonly test: RegisterTest;
  /** Any runner's way to clean up after all tests: `afterAll`, `after`. Default: the last test does it. */
  readonly after?: (run: () => Promise<void>) => unknown;
  /** Where `conformance.json` goes. Default: it is not written. */
  readonly report?: string | URL;
}
