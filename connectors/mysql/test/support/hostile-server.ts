import { HostileEngines } from '../../../postgres/test/support/hostile-engines.js';
import { createHostileTables, type HostileType, hostileTypes, pairsTable } from './hostile-values.js';
import { type Product, RunningServer } from './server.js';

/** A server of the product and a DuckDB that hold the same hostile values. */
export async function openHostileEngines(product: Product): Promise<HostileEngines<HostileType>> {
  const server = await RunningServer.open(product);
  await createHostileTables(server.admin);
  return HostileEngines.over({
    title: product,
    source: server.source({ ssl: { mode: 'disable' } }),
    types: hostileTypes,
    table: pairsTable,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}
