import { type Connector, defineConnector, httpError, retry } from '@tributary/connector-sdk';
import { type PlainRead, type PlainTable, createPlainSource, jsonRows } from '@tributary/connector-sdk/plain';
import type { Row } from '@tributary/connector-sdk/results';
import { z } from 'zod';

const options = z.strictObject({ url: z.url(), token: z.string().min(1) });

/** What the API has, and which of its parameters filter exactly as SQL does. */
const issues: PlainTable = {
  table: { name: 'issues', kind: 'table' },
  columns: [
    { name: 'id', type: { id: 'bigint' }, nullable: false, filters: ['=', 'in'] },
    { name: 'state', type: { id: 'varchar' }, filters: ['='] },
    { name: 'created', type: { id: 'timestamptz' }, filters: ['>=', '<'] },
    // The API's search ignores case, so it finds too much.
    { name: 'author', type: { id: 'varchar' }, filters: ['='], filtering: 'superset' },
    { name: 'labels', type: { id: 'list', element: { id: 'varchar' } } },
  ],
  primaryKey: ['id'],
  limit: 'exact',
  maxInValues: 50,
};

const page = z.object({ items: z.array(z.looseObject({})), next: z.url().nullable() });

/** `?state=open&created>=2024-01-01&id=1&id=2&limit=10` */
function firstPage(base: string, { predicates, limit }: PlainRead): string {
  const url = new URL('/issues', base);
  for (const predicate of predicates) {
    const name = predicate.column + (predicate.op === 'in' ? '' : predicate.op.replace(/=$/, ''));
    const values = 'values' in predicate ? predicate.values : 'value' in predicate ? [predicate.value] : [];
    for (const value of values) url.searchParams.append(name, value);
  }
  if (limit !== undefined) url.searchParams.set('limit', String(limit));
  return url.href;
}

/** `{ connector: http-json, url: https://…, token: … }` */
export const httpJson: Connector<z.output<typeof options>> = defineConnector({
  name: 'http-json',
  sdkVersion: '^1.0',
  configSchema: options,
  fields: {
    url: { description: 'Where the API is.' },
    token: { description: 'API token.', secret: true, env: 'ISSUES_TOKEN' },
  },
  create: (sourceId, { url, token }) => {
    async function fetchPage(href: string, signal: AbortSignal): Promise<z.output<typeof page>> {
      const response = await fetch(href, { signal, headers: { authorization: `Bearer ${token}` } });
      if (response.ok) return page.parse(await response.json());
      await response.body?.cancel();
      throw httpError(response, { sourceId, object: 'issues' });
    }
    async function* pages(read: PlainRead, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
      let next: string | null = firstPage(url, read);
      while (next !== null) {
        const href: string = next;
        const { items, next: following } = await retry(() => fetchPage(href, signal), { signal });
        yield jsonRows(items, read.columns);
        next = following;
      }
    }
    const reader = {
      tables: async () => [issues],
      read: (read: PlainRead, { signal }: { readonly signal: AbortSignal }) =>
        ({ kind: 'rows', rows: pages(read, signal) }) as const,
    };
    return createPlainSource({ sourceId, connector: 'http-json', reader });
  },
});
