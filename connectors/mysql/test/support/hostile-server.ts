import type { HostileServer } from '@tributary/connector-testkit/dialect';
import { createHostileTables, type HostileType, pairsTable } from './hostile-values.js';
import { type Product, RunningServer } from './server.js';

/** A server of the product that holds the pairs of hostile values. */
export async function openHostileServer(product: Product): Promise<HostileServer<HostileType>> {
  const server = await RunningServer.open(product);
  await createHostileTables(server.admin);
  return {
    title: product,
    source: server.source({ ssl: { mode: 'disable' } }),
    table: (type) => [pairsTable(type)],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
