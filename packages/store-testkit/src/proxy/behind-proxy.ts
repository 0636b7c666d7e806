import { FaultyProxy } from './faulty-proxy.js';
import type { StoreProtocol } from './store-protocol.js';

interface StoreServer extends AsyncDisposable {
  readonly endpoint: string;
}

/**
 * A server with a proxy before it.
 *
 * @param after a runner's way to register what is done after the tests of a file: both are closed then
 */
export async function behindProxy<Server extends StoreServer>(
  start: () => Promise<Server>,
  protocol: StoreProtocol,
  after: (close: () => Promise<void>) => void,
): Promise<{ readonly server: Server; readonly proxy: FaultyProxy }> {
  const server = await start();
  const proxy = await FaultyProxy.before(server.endpoint, protocol);
  after(async () => {
    await proxy[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return { server, proxy };
}
