import type {
  CallContext,
  ExecuteContext,
  FederatedDataSourceInfo,
  IFederatedDataSource,
  PieceKind,
  PlainCapabilities,
  RemoteQueryPlan,
  RemoteQueryRequest,
  RemoteResult,
  RemoteTableName,
  RemoteTableSchema,
  SourceCapabilities,
  SourceHealth,
  SqlCapabilities,
  TableStatistics,
} from '@tributary/contract';

/** A kind of piece that a source can be kept from taking. */
export interface Restriction {
  /** What is not pushed, for people. */
  readonly label: string;
  readonly pieces: readonly PieceKind[];
  /** The capabilities without it; undefined where the source has nothing of the kind anyway. */
  readonly restrict: (capabilities: SourceCapabilities) => SourceCapabilities | undefined;
}

/** From the narrow to the wide. */
export const restrictions: readonly Restriction[] = [
  { label: 'key sets', pieces: ['key-set'], restrict: withoutKeySets },
  { label: 'windows', pieces: ['window'], restrict: sql((c) => c.window && { ...c, window: false }) },
  {
    label: 'set operations',
    pieces: ['set-operation'],
    restrict: sql((c) => c.setOperations.length > 0 && { ...c, setOperations: [] }),
  },
  {
    label: 'DISTINCT',
    pieces: ['distinct'],
    restrict: sql((c) => c.distinct && { ...c, distinct: false, distinctOn: false }),
  },
  { label: 'limits and sorting', pieces: ['limit', 'sort', 'top-n'], restrict: withoutLimits },
  {
    label: 'aggregates',
    pieces: ['aggregate'],
    restrict: sql((c) => c.aggregate && { ...c, aggregate: false, groupingSets: false }),
  },
  {
    label: 'functions and operators',
    pieces: ['filter', 'projection'],
    restrict: sql((c) => ({ ...c, dialect: { ...c.dialect, functions: new Map() } })),
  },
  {
    label: 'joins',
    pieces: ['join'],
    restrict: sql((c) => c.joins.length > 0 && { ...c, joins: [], dependentJoin: false }),
  },
  { label: 'filters', pieces: ['filter', 'partition'], restrict: withoutFilters },
];

function sql(
  change: (capabilities: SqlCapabilities) => SqlCapabilities | false,
): (capabilities: SourceCapabilities) => SourceCapabilities | undefined {
  return (capabilities) => (capabilities.kind === 'sql' ? change(capabilities) || undefined : undefined);
}

function withoutKeySets(capabilities: SourceCapabilities): SourceCapabilities | undefined {
  return capabilities.keySets === undefined ? undefined : { ...capabilities, keySets: undefined };
}

function withoutLimits(capabilities: SourceCapabilities): SourceCapabilities {
  return capabilities.kind === 'sql'
    ? { ...capabilities, limit: false, offset: false, sort: false }
    : { ...capabilities, limit: 'none', offset: false };
}

function withoutFilters(capabilities: SourceCapabilities): SourceCapabilities | undefined {
  if (capabilities.kind === 'sql') {
    return {
      ...capabilities,
      dialect: { ...capabilities.dialect, comparison: () => undefined, functions: new Map() },
    };
  }
  const { filters, ...rest }: PlainCapabilities = capabilities;
  return filters === undefined ? undefined : rest;
}

/** The same source, asked for less. Closing it leaves the original open. */
export class RestrictedSource implements IFederatedDataSource {
  readonly sourceId: string;
  readonly #source: IFederatedDataSource;
  readonly #info: FederatedDataSourceInfo;

  constructor(source: IFederatedDataSource, capabilities: SourceCapabilities) {
    this.#source = source;
    this.sourceId = source.sourceId;
    this.#info = { ...source.getInfo(), capabilities };
  }

  getInfo(): FederatedDataSourceInfo {
    return this.#info;
  }

  listTables(ctx: CallContext): Promise<readonly RemoteTableName[]> {
    return this.#source.listTables(ctx);
  }

  describeTable(path: readonly string[], ctx: CallContext): Promise<RemoteTableSchema | undefined> {
    return this.#source.describeTable(path, ctx);
  }

  getRemoteStatistics(table: RemoteTableName, ctx: CallContext): Promise<TableStatistics | undefined> {
    return this.#source.getRemoteStatistics(table, ctx);
  }

  planRemoteQuery(request: RemoteQueryRequest): RemoteQueryPlan {
    return this.#source.planRemoteQuery(request);
  }

  executeRemoteQuery(plan: RemoteQueryPlan, ctx: ExecuteContext): Promise<RemoteResult> {
    return this.#source.executeRemoteQuery(plan, ctx);
  }

  checkHealth(ctx: CallContext): Promise<SourceHealth> {
    return this.#source.checkHealth(ctx);
  }

  async close(): Promise<void> {
    // The original belongs to someone else.
  }

  localDirectories(): readonly string[] {
    return this.#source.localDirectories?.() ?? [];
  }
}
