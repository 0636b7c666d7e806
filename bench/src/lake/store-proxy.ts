import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ProxyNews, ProxySettings, Traffic } from './proxy-news.js';

const program = fileURLToPath(new URL('./proxy-child.js', import.meta.url));

/**
 * Stands before an S3 server, in a process of its own, and counts what the server sends; or makes it a far one.
 * Signatures stay valid: the client signs for the proxy.
 */
export class StoreProxy implements AsyncDisposable {
  /** URL without a path. */
  readonly endpoint: string;
  readonly #child: ChildProcess;

  private constructor(endpoint: string, child: ChildProcess) {
    this.endpoint = endpoint;
    this.#child = child;
  }

  /** @param delayMs milliseconds before each answer begins */
  static async before(target: string, delayMs = 0): Promise<StoreProxy> {
    const settings: ProxySettings = { target, delayMs };
    const child = fork(program, [JSON.stringify(settings)]);
    const [news]: ProxyNews[] = await once(child, 'message');
    if (news?.kind !== 'listening') throw new Error('The proxy does not listen.');
    return new StoreProxy(`http://127.0.0.1:${news.port}`, child);
  }

  /** What has been sent since the last call. */
  async traffic(): Promise<Traffic> {
    const answer = once(this.#child, 'message');
    this.#child.send('traffic');
    const [news]: ProxyNews[] = await answer;
    if (news?.kind !== 'traffic') throw new Error('The proxy does not count.');
    return news.traffic;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }
}
