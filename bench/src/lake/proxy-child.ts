// A process of its own, so that the proxy takes no time from the event loop of whoever is measured.
import { once } from 'node:events';
import { Agent, type IncomingMessage, type ServerResponse, createServer, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProxyNews, ProxySettings } from './proxy-news.js';

const { target, delayMs }: ProxySettings = JSON.parse(process.argv[2] ?? '');
const { hostname, port } = new URL(target);
const agent = new Agent({ keepAlive: true });
const sent = { reads: 0, bytes: 0, looks: 0 };

const server = createServer({ noDelay: true }, (incoming, outgoing) => {
  pass(incoming, outgoing).catch(() => outgoing.destroy());
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
tell({ kind: 'listening', port: typeof address === 'object' ? (address?.port ?? 0) : 0 });
process.on('message', () => {
  tell({ kind: 'traffic', traffic: { ...sent } });
  Object.assign(sent, { reads: 0, bytes: 0, looks: 0 });
});

async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const isRead = method === 'GET' && !url.includes('list-type');
  if (method === 'GET' || method === 'HEAD') sent[isRead ? 'reads' : 'looks'] += 1;
  if (delayMs > 0) await sleep(delayMs);
  const passed = request({ agent, hostname, port, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    if (isRead) {
      answer.on('data', (chunk: Buffer) => {
        sent.bytes += chunk.length;
      });
    }
    answer.pipe(outgoing);
  });
  passed.on('error', () => outgoing.destroy());
  outgoing.on('close', () => passed.destroy());
  incoming.pipe(passed);
}

// Whoever started it may end without a word.
process.on('disconnect', () => process.exit());

function tell(news: ProxyNews): void {
  process.send?.(news);
}
