import { HostileEngines } from '../../../postgres/test/support/hostile-engines.js';
import { type HostileType, hostileTableSql, hostileTypes, pairsTable } from './hostile-values.js';
import { TestClickhouse } from './test-server.js';

/** A ClickHouse and a DuckDB that hold the same hostile values. */
export async function openHostileEngines(): Promise<HostileEngines<HostileType>> {
  const server = await TestClickhouse.open(hostileTypes.flatMap(hostileTableSql));
  return HostileEngines.over({
    title: 'ClickHouse',
    source: server.source(),
    types: hostileTypes,
    table: pairsTable,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}
