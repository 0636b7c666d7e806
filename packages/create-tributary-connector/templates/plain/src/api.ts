import { httpError, retry } from '@tributary/connector-sdk';
import { z } from 'zod';

/** The API's own types. A BIGINT is sent as text, because a JSON number does not hold it. */
const apiTypes = ['boolean', 'integer', 'bigint', 'double', 'varchar', 'date', 'timestamp'] as const;

const tablesSchema = z.array(
  z.object({
    name: z.string(),
    columns: z.array(z.object({ name: z.string(), type: z.enum(apiTypes), nullable: z.boolean() })),
    primaryKey: z.array(z.string()),
  }),
);

const cellSchema = z.union([z.null(), z.boolean(), z.number(), z.string()]);

const pageSchema = z.object({ rows: z.array(z.array(cellSchema)), next: z.string().optional() });

export type ApiTable = z.output<typeof tablesSchema>[number];
export type ApiColumn = ApiTable['columns'][number];
export type ApiCell = z.output<typeof cellSchema>;
export type ApiPage = z.output<typeof pageSchema>;

/** A request for one page of a table's rows. */
export interface PageRequest {
  readonly table: string;
  readonly columns: readonly string[];
  readonly predicates: readonly object[];
  /** Most rows of the page. */
  readonly limit: number;
  /** Where the page before has ended. */
  readonly after: string | undefined;
}

/** The HTTP API, request by request. */
export class Api {
  readonly #sourceId: string;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(sourceId: string, url: string, token: string | undefined) {
    this.#sourceId = sourceId;
    this.#url = url.replace(/\/+$/, '');
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  async tables(signal: AbortSignal): Promise<readonly ApiTable[]> {
    return tablesSchema.parse(await this.#get('/tables', undefined, signal));
  }

  async page(
    { table, columns, predicates, limit, after }: PageRequest,
    signal: AbortSignal,
  ): Promise<ApiPage> {
    const query = new URLSearchParams({
      columns: JSON.stringify(columns),
      where: JSON.stringify(predicates),
      limit: String(limit),
    });
    if (after !== undefined) query.set('after', after);
    const path = `/tables/${encodeURIComponent(table)}/rows?${query.toString()}`;
    return pageSchema.parse(await this.#get(path, table, signal));
  }

  /** A request that may do so is made again: reading changes nothing. */
  #get(path: string, object: string | undefined, signal: AbortSignal): Promise<unknown> {
    return retry(
      async () => {
        const response = await fetch(`${this.#url}${path}`, { headers: this.#headers, signal });
        if (response.ok) return response.json();
        // A body that nobody reads would keep the connection.
        await response.body?.cancel();
        throw httpError(response, { sourceId: this.#sourceId, object });
      },
      { signal },
    );
  }
}
