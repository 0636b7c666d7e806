import type {
  FederatedDataSourceInfo,
  IFederatedDataSource,
  RemoteQueryPlan,
} from '@tributary/connector-sdk';

/** So slow a line that whatever may run at the source should. */
const eagerMbps = 0.001;

/** A source that tells what the engine ran on it, and that the cost model pushes to wherever it may. */
export class ObservedSource {
  readonly source: IFederatedDataSource;
  #executed: RemoteQueryPlan[] = [];

  constructor(source: IFederatedDataSource) {
    const { localDirectories } = source;
    this.source = {
      sourceId: source.sourceId,
      getInfo: () => eager(source.getInfo()),
      listTables: (ctx) => source.listTables(ctx),
      describeTable: (path, ctx) => source.describeTable(path, ctx),
      getRemoteStatistics: (table, ctx) => source.getRemoteStatistics(table, ctx),
      planRemoteQuery: (request) => source.planRemoteQuery(request),
      executeRemoteQuery: (plan, ctx) => {
        this.#executed.push(plan);
        return source.executeRemoteQuery(plan, ctx);
      },
      checkHealth: (ctx) => source.checkHealth(ctx),
      close: () => source.close(),
      ...(localDirectories && { localDirectories: () => localDirectories.call(source) }),
    };
  }

  /** The plans that ran since the last call. */
  takeExecuted(): readonly RemoteQueryPlan[] {
    const executed = this.#executed;
    this.#executed = [];
    return executed;
  }
}

function eager(info: FederatedDataSourceInfo): FederatedDataSourceInfo {
  return { ...info, bandwidthMbps: eagerMbps, costMultiplier: 0.1 };
}
