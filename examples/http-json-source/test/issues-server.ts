import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Issue {
  readonly id: number;
  readonly state: string | null;
  readonly created: string;
  readonly author: string;
  readonly labels: readonly string[];
}

const authors = ['Ann', 'ann', 'bob'];

const issues: readonly Issue[] = Array.from({ length: 300 }, (_, i) => ({
  id: i + 1,
  state: i % 7 === 0 ? null : i % 3 === 0 ? 'open' : 'closed',
  created: new Date(Date.UTC(2024, 0, 1) + i * 3_600_000).toISOString(),
  author: authors[i % authors.length] ?? '',
  labels: Array.from({ length: i % 3 }, (_, label) => `label ${label}`),
}));

const token = 'a-token';
const pageSize = 40;

/** An API as they come: parameters of its own, pages, a token, case-insensitive search; now and then it is busy. */
export class IssuesServer implements AsyncDisposable {
  readonly token = token;
  /** The queries of all requests that were answered with rows. */
  readonly queries: string[] = [];
  /** Answers 503 to so many requests. */
  busy = 0;
  readonly #server = createServer((request, response) => this.#answer(request, response));

  static async start(): Promise<IssuesServer> {
    const server = new IssuesServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    if (request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401).end('no');
    } else if (this.busy > 0) {
      this.busy -= 1;
      response.writeHead(503).end();
    } else {
      this.queries.push(`?${[...url.searchParams].map(([name, value]) => `${name}=${value}`).join('&')}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.#page(url)));
    }
  }

  #page(url: URL): { readonly items: readonly Issue[]; readonly next: string | null } {
    const { searchParams } = url;
    const start = Number(searchParams.get('page') ?? 0) * pageSize;
    const limit = Number(searchParams.get('limit') ?? Number.POSITIVE_INFINITY);
    const found = issues.filter((issue) => matches(issue, searchParams)).slice(0, limit);
    const next = new URL(url);
    next.searchParams.set('page', String(start / pageSize + 1));
    return {
      items: found.slice(start, start + pageSize),
      next: start + pageSize < found.length ? next.href : null,
    };
  }
}

function matches(issue: Issue, parameters: URLSearchParams): boolean {
  const ids = parameters.getAll('id').map(Number);
  const [state, author] = [parameters.get('state'), parameters.get('author')];
  const [from, before] = [parameters.get('created>'), parameters.get('created<')];
  return (
    (ids.length === 0 || ids.includes(issue.id)) &&
    (state === null || issue.state === state) &&
    (author === null || issue.author.toLowerCase() === author.toLowerCase()) &&
    (from === null || Date.parse(issue.created) >= Date.parse(from)) &&
    (before === null || Date.parse(issue.created) < Date.parse(before))
  );
}
