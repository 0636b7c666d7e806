import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  type ClickHouseClientConfigOptions as NodeClickHouseClientConfigOptions,
  createClient,
} from '@clickhouse/client';
import { TributaryError, abortError } from '@tributary/connector-sdk';
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import type { ClickhouseOptions } from '../options.js';
import { answerBytes } from './answer-bytes.js';
import { type BodyPart, multipartBody } from './multipart.js';
import { boundsSql, type SettingBound, withinBounds } from './setting-bounds.js';
import { defaultSettings, pinnedSettings } from './settings.js';

export interface Request {
  readonly sql: string;
  readonly parts?: readonly BodyPart[];
  readonly settings?: ClickHouseSettings;
  /** Milliseconds after which the server shall give up by itself. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

/** How long a cancelled statement may take to go, in milliseconds. */
const killTimeoutMs = 5_000;

/** The connection to one server: what is asked of it ends there when it ends here. */
export class Server {
  readonly #client: ClickHouseClient;
  readonly #defaults: ClickHouseSettings;
  #bounds: readonly SettingBound[] | undefined;
  #closed = false;

  constructor(options: ClickhouseOptions) {
    const { host, port, user, password, database, tls } = options.server;
    const own = settingsOf(options.settings);
    this.#defaults = Object.fromEntries(Object.entries(defaultSettings).filter(([name]) => !(name in own)));
    this.#client = createClient({
      url: `${tls === false ? 'http' : 'https'}://${host}:${port}`,
      username: user,
      password,
      database,
      application: 'tributary',
      max_open_connections: options.maxConnections,
      request_timeout: options.idleTimeoutMs,
      compression: { response: false, request: false },
      // Errors are raised; a library writes to nobody's console.
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: { ...own, ...pinnedSettings },
      ...(tls !== false && certificatesOf(tls, options)),
    });
  }

  /** Rows of a statement of our own, as objects. */
  async rows<Row>(
    request: Request,
    parameters: Readonly<Record<string, unknown>> = {},
  ): Promise<readonly Row[]> {
    this.#needOpen();
    const result = await this.#client.query({
      query: request.sql,
      format: 'JSONEachRow',
      query_params: { ...parameters },
      abort_signal: request.signal,
      use_multipart_params_auto: true,
      // Numbers as text would be needed only above 2^53.
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0, ...request.settings },
    });
    return result.json<Row>();
  }

  /**
   * Sends a statement that has its FORMAT. The bytes of its answer may be read once; leaving them, or an abort, ends the statement
   * at the server.
   */
  async bytes(request: Request): Promise<AsyncIterable<Uint8Array>> {
    this.#needOpen();
    const { sql, parts = [], signal } = request;
    const settings = { ...(await this.#optional(request)), ...request.settings };
    const queryId = randomUUID();
    const body = parts.length === 0 ? undefined : multipartBody(parts);
    try {
      const { stream, response_headers } = await this.#client.exec({
        query: sql,
        query_id: queryId,
        clickhouse_settings: settings,
        abort_signal: signal,
        ...(body !== undefined && {
          values: body.stream,
          http_headers: { 'Content-Type': body.contentType },
        }),
      });
      const tag = response_headers['x-clickhouse-exception-tag'];
      return this.#watched(stream, typeof tag === 'string' ? tag : undefined, queryId, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      await this.#kill(queryId);
      throw abortError(signal);
    }
  }

  /** What no answer depends on, as far as the user may set it. */
  async #optional({ timeoutMs, signal }: Request): Promise<ClickHouseSettings> {
    const limit = timeoutMs !== undefined && { max_execution_time: Math.ceil(timeoutMs / 1000) };
    const names = [...Object.keys(defaultSettings), 'max_execution_time'];
    try {
      this.#bounds ??= await this.rows<SettingBound>({ sql: boundsSql, signal }, { names });
    } catch (error) {
      throw signal.aborted ? abortError(signal) : error;
    }
    return withinBounds({ ...this.#defaults, ...limit }, this.#bounds);
  }

  async *#watched(
    stream: Readable,
    tag: string | undefined,
    queryId: string,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const stop = (): void => void stream.destroy(abortError(signal));
    let isComplete = false;
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (signal.aborted) throw abortError(signal);
      yield* answerBytes(stream, tag);
      isComplete = true;
    } finally {
      signal.removeEventListener('abort', stop);
      if (!isComplete) {
        const hasEnded = stream.readableEnded;
        stream.destroy();
        if (!hasEnded) await this.#kill(queryId);
      }
    }
  }

  /** The server itself notices a closed connection only when it next writes. */
  async #kill(queryId: string): Promise<void> {
    if (this.#closed) return;
    try {
      await this.#client.command({
        query: 'KILL QUERY WHERE query_id = {id:String} ASYNC',
        query_params: { id: queryId },
        abort_signal: AbortSignal.timeout(killTimeoutMs),
      });
    } catch {
      // A server that is gone has no statement left to end, and what ended this one is the error to raise.
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client.close();
  }

  #needOpen(): void {
    if (this.#closed)
      throw new TributaryError('ENGINE.CLOSED', { message: 'The source was used after close().' });
  }
}

function settingsOf(settings: ClickhouseOptions['settings']): ClickHouseSettings {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? Number(value) : value,
    ]),
  );
}

type Certificates = Exclude<ClickhouseOptions['server']['tls'], false>;

/**
 * A certificate of the client logs in by itself where there is no password. The library's own option for certificates would not send
 * both, and wants a `ca`, in whose place nothing is what Node trusts (NODE_EXTRA_CA_CERTS, --use-system-ca).
 */
function certificatesOf(
  { ca, cert, key }: Certificates,
  { server, maxConnections }: ClickhouseOptions,
): Pick<NodeClickHouseClientConfigOptions, 'tls' | 'http_agent' | 'http_headers' | 'set_basic_auth_header'> {
  if (cert === undefined || key === undefined) {
    return ca === undefined ? {} : { tls: { ca_cert: Buffer.from(ca) } };
  }
  const trusted = ca !== undefined && { ca };
  const agent = new Agent({ keepAlive: true, maxSockets: maxConnections, cert, key, ...trusted });
  if (server.password !== '') return { http_agent: agent };
  return {
    http_agent: agent,
    set_basic_auth_header: false,
    // https://clickhouse.com/docs/guides/sre/ssl-user-auth
    http_headers: { 'X-ClickHouse-User': server.user, 'X-ClickHouse-SSL-Certificate-Auth': 'on' },
  };
}
