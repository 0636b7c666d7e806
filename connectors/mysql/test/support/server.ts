import { startMariadb, startMysql, type TestServer } from '@tributary/testbed';
import { type Connection, createConnection } from 'mysql2/promise';
import { createMySqlSource, type MySqlOptionsInput, type MySqlSource } from '../../src/index.js';

export type Product = 'mysql' | 'mariadb';

export const products: readonly Product[] = ['mysql', 'mariadb'];

/** A server, an administrator's connection to it, and sources that the tests make of it. */
export class RunningServer implements AsyncDisposable {
  readonly server: TestServer;
  readonly admin: Connection;
  readonly product: Product;
  readonly #sources: MySqlSource[] = [];

  private constructor(server: TestServer, admin: Connection, product: Product) {
    this.server = server;
    this.admin = admin;
    this.product = product;
  }

  /** @param settings server variables */
  static async open(
    product: Product,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<RunningServer> {
    const server = await (product === 'mysql' ? startMysql({ settings }) : startMariadb({ settings }));
    const admin = await createConnection({ uri: server.url, charset: 'utf8mb4' });
    return new RunningServer(server, admin, product);
  }

  source(options: MySqlOptionsInput = {}): MySqlSource {
    const source = createMySqlSource('my', { url: this.server.url, ...options });
    this.#sources.push(source);
    return source;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const source of this.#sources) await source.close();
    await this.admin.end();
    await this.server[Symbol.asyncDispose]();
  }
}
