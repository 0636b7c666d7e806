import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { type IFederatedDataSource, TributaryError } from '@tributary/connector-sdk';
import type { RegisterTest } from '@tributary/connector-testkit';
import { type Engine, createEngine } from '@tributary/core';
import type { ObjectStore as FillableStore } from '@tributary/testbed';
import type { Fault } from '../proxy/fault.js';
import type { FaultyProxy } from '../proxy/faulty-proxy.js';

/** What the suite says of a source; everything else is the store's own. */
export interface FarOptions {
  readonly bucket: string;
  /** Below the bucket. */
  readonly folder: string;
  readonly cache: { readonly directory: string };
  readonly attempts?: number;
  readonly requestTimeoutMs?: number;
}

/** A connector over a kind of store, and what the suite needs to try it. */
export interface StoreTablesSubject {
  /** Any runner's way to register a test. */
  readonly test: RegisterTest;
  readonly server: FillableStore;
  /** Before the server. The suite forgets what it saw before every test. */
  readonly proxy: FaultyProxy;
  createSource(sourceId: string, options: FarOptions): IFederatedDataSource;
  /** `s3://lake` */
  readonly root: string;
  /** Numbers of the TPC-H statements to run. */
  readonly tpch: readonly number[];
  /** Errors that only this store has: what they are, how they look, what they become. */
  readonly refusals: readonly (readonly [name: string, fault: Fault, code: string])[];
  /** That no error may tell. */
  readonly secrets: readonly string[];
}

/** What a test of the suite works with. */
export interface TablesBench extends StoreTablesSubject {
  engineOver(folder: string, options?: Partial<FarOptions>): Promise<Engine>;
}

export type TablesTest = (name: string, run: (bench: TablesBench) => Promise<void>) => void;

/** An engine whose source `far` lies in the store. */
export function farEngine(subject: StoreTablesSubject, options: FarOptions): Promise<Engine> {
  return createEngine({ sources: [subject.createSource('far', options)] });
}

export async function rows(engine: Engine, sql: string): Promise<readonly unknown[]> {
  return (await engine.query(sql)).rows();
}

export async function failure(engine: Engine, sql: string): Promise<TributaryError> {
  const error: unknown = await rows(engine, sql).catch((reason: unknown) => reason);
  assert.ok(error instanceof TributaryError, `expected an error, got ${inspect(error)}`);
  return error;
}
