import type { IFederatedDataSource } from '@tributary/connector-sdk';

/** The source with some of its methods replaced. */
export function overridden(
  source: IFederatedDataSource,
  changes: (source: IFederatedDataSource) => Partial<IFederatedDataSource>,
): IFederatedDataSource {
  return {
    sourceId: source.sourceId,
    getInfo: () => source.getInfo(),
    listTables: (ctx) => source.listTables(ctx),
    describeTable: (path, ctx) => source.describeTable(path, ctx),
    getRemoteStatistics: (table, ctx) => source.getRemoteStatistics(table, ctx),
    planRemoteQuery: (request) => source.planRemoteQuery(request),
    executeRemoteQuery: (plan, ctx) => source.executeRemoteQuery(plan, ctx),
    checkHealth: (ctx) => source.checkHealth(ctx),
    close: () => source.close(),
    ...changes(source),
  };
}
