import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ProxyNews, ProxySettings, Traffic } from './proxy-news.js';

const program = fileURLToPath(new URL('./proxy-worker.js', import.meta.url));

/**
 * Stands before an S3 server, in a thread of its own, and counts what the server sends; or makes it a far one.
 * Signatures stay valid: the client signs for the proxy.
 */
export class StoreProxy implements AsyncDisposable {
  /** URL without a path. */
  readonly endpoint: string;
  readonly #worker: Worker;

  private constructor(endpoint: string, worker: Worker) {
    this.endpoint = endpoint;
    this.#worker = worker;
  }

  /** @param delayMs milliseconds before each answer begins */
  static async before(target: string, delayMs = 0): Promise<StoreProxy> {
    const settings: ProxySettings = { target, delayMs };
    const worker = new Worker(program, { workerData: settings });
    const [news]: ProxyNews[] = await once(worker, 'message');
    if (news?.kind !== 'listening') throw new Error('The proxy does not listen.');
    return new StoreProxy(`http://127.0.0.1:${news.port}`, worker);
  }

  /** What has been sent since the last call. */
  async traffic(): Promise<Traffic> {
    const answer = once(this.#worker, 'message');
    this.#worker.postMessage('traffic');
    const [news]: ProxyNews[] = await answer;
    if (news?.kind !== 'traffic') throw new Error('The proxy does not count.');
    return news.traffic;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
