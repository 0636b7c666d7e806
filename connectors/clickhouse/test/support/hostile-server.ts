import type { HostileServer } from '@tributary/connector-testkit/dialect';
import { type HostileType, hostileTableSql, hostileTypes, pairsTable } from './hostile-values.js';
import { TestClickhouse } from './test-server.js';

/** A ClickHouse that holds the pairs of hostile values. */
export async function openHostileServer(): Promise<HostileServer<HostileType>> {
  const server = await TestClickhouse.open(hostileTypes.flatMap(hostileTableSql));
  return {
    title: 'ClickHouse',
    source: server.source(),
    table: (type) => [pairsTable(type)],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
