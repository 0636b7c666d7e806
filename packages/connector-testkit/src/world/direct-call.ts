import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ExecuteContext,
  type IFederatedDataSource,
  type QueryScope,
  type RemoteQueryPlan,
  type RemoteResult,
  type ScanColumn,
  type SizeEstimate,
  TributaryError,
} from '@tributary/connector-sdk';

/** A whole table, asked of a source as the engine would ask, so that no engine stands between the source and the check. */
export class DirectCall implements AsyncDisposable {
  readonly plan: RemoteQueryPlan;
  readonly #source: IFederatedDataSource;
  readonly #folder: string;
  readonly #cleanups: (() => Promise<void>)[] = [];
  #files = 0;

  private constructor(source: IFederatedDataSource, plan: RemoteQueryPlan, folder: string) {
    this.#source = source;
    this.plan = plan;
    this.#folder = folder;
  }

  static async open(source: IFederatedDataSource, path: readonly string[]): Promise<DirectCall> {
    const plan = await planWholeTable(source, path);
    return new DirectCall(source, plan, await mkdtemp(join(tmpdir(), 'tributary-conformance-')));
  }

  execute(
    signal: AbortSignal,
    prefer: ExecuteContext['prefer'],
    onProgress: ExecuteContext['onProgress'] = () => undefined,
  ): Promise<RemoteResult> {
    return this.#source.executeRemoteQuery(this.plan, {
      signal,
      query: this.#scope(signal),
      timeoutMs: 30_000,
      parameters: new Map(),
      keySets: new Map(),
      prefer,
      spool: {
        newFile: (extension) => join(this.#folder, `${(this.#files += 1)}${extension}`),
        reserve: () => undefined,
        release: () => undefined,
      },
      onProgress,
    });
  }

  /** What the call has left in its spool directory. */
  files(): Promise<readonly string[]> {
    return readdir(this.#folder);
  }

  #scope(signal: AbortSignal): QueryScope {
    const shared = new Map<object, unknown>();
    return {
      id: 'conformance',
      startedAt: performance.now(),
      signal,
      fragmentsIn: () => 1,
      shared<T>(key: object, make: () => T): T {
        if (!shared.has(key)) shared.set(key, make());
        return shared.get(key) as T;
      },
      onEnd: (cleanup) => this.#cleanups.push(cleanup),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).toReversed()) await cleanup().catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function planWholeTable(
  source: IFederatedDataSource,
  path: readonly string[],
): Promise<RemoteQueryPlan> {
  const schema = await source.describeTable(path, { signal: AbortSignal.timeout(30_000) });
  if (schema === undefined) {
    throw new TributaryError('SOURCE.MISSING_OBJECT', { message: `There is no table ${path.join('.')}.` });
  }
  const columns = schema.columns.map(({ name, type, nullable, comparison }, id): ScanColumn => ({
    id,
    name,
    type,
    nullable,
    comparison,
  }));
  const { schema: parent, name } = schema.table;
  const table = parent === undefined ? [name] : [parent, name];
  const estimate: SizeEstimate = { rows: 40_000, bytes: 20_000_000 };
  return source.planRemoteQuery(
    source.getInfo().capabilities.kind === 'sql'
      ? {
          kind: 'relational',
          relation: { kind: 'scan', source: source.sourceId, table, columns },
          keySets: [],
          estimate,
        }
      : { kind: 'scan', table, columns, filters: [], filterColumns: [], keySets: [], estimate },
  );
}
