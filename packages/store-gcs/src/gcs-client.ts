import { addAbortListener } from 'node:events';
import { type IncomingMessage, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Storage } from '@google-cloud/storage';
import { type RangeAnswer, RangeReader, type RangeRequest, streamOf } from '@tributary/lake';
import { JWT } from 'google-auth-library';
import { answerError, credentialsError } from './gcs-failure.js';
import type { GcsOptions } from './gcs-options.js';

export interface GcsRequest {
  /** Below the root of the JSON API, with its parts percent-encoded: `b/bucket/o`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface GcsClient {
  /** URL, where requests do not go to Google's own. */
  readonly endpoint: string | undefined;
  /** One GET, without retries. The body of the answer, which is one of 2xx, is still to be read and as the wire has it. */
  get(request: GcsRequest): Promise<IncomingMessage>;
  /**
   * The same for a range whose bytes go right into the room for them.
   *
   * @returns undefined where the way leads through a proxy, or the answer does not say how long it is: `get` is to be asked
   */
  read(request: GcsRequest, call: Pick<RangeRequest, 'room' | 'onBytes'>): Promise<RangeAnswer | undefined>;
  /** Closes connections. Idempotent. */
  close(): void;
}

interface Addressed {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

const connections = { keepAlive: true, maxSockets: 64 };

/**
 * A client in the manner of the options. Google's library finds endpoint and credentials; the requests are made here, since those of
 * the library take no AbortSignal and its sockets belong to a pool that nobody can close. Protocol:
 * https://cloud.google.com/storage/docs/json_api/v1
 */
export function gcsClient(options: GcsOptions): GcsClient {
  const { projectId, endpoint, userProject } = options;
  const key = keyOf(options);
  const { apiEndpoint, customEndpoint, authClient } = new Storage({
    ...(projectId !== undefined && { projectId }),
    ...(key !== undefined && { authClient: key }),
    ...(endpoint !== undefined && { apiEndpoint: endpoint }),
  });
  const isAnonymous = options.anonymous ?? (customEndpoint && key === undefined);
  const isSecure = apiEndpoint.startsWith('https:');
  // As the library does for tokens: `HTTPS_PROXY` and `NO_PROXY`, where Node knows them (22.21, 24.5).
  const agent = isSecure
    ? new HttpsAgent({ ...connections, proxyEnv: process.env })
    : new HttpAgent(connections);
  const send = isSecure ? httpsRequest : httpRequest;

  const hasProxy = isSecure && ['HTTPS_PROXY', 'https_proxy'].some((name) => Boolean(process.env[name]));
  const ranges = hasProxy ? undefined : new RangeReader(new URL(apiEndpoint).origin);

  async function authorization(url: URL, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    if (isAnonymous) return {};
    const headers = authClient.getRequestHeaders(url).catch((error: unknown) => {
      throw credentialsError(error);
    });
    // The library's own request for a token cannot be cancelled, only left alone.
    return Object.fromEntries(await unlessAborted(headers, signal));
  }

  async function addressed({ path, query, headers, signal }: GcsRequest): Promise<Addressed> {
    const url = new URL(`${apiEndpoint}/storage/v1/${path}`);
    for (const [name, value] of Object.entries({ ...query, userProject })) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return { url, headers: { ...headers, ...(await authorization(url, signal)) } };
  }

  return {
    endpoint: customEndpoint ? apiEndpoint : undefined,
    async get(request) {
      const { url, headers } = await addressed(request);
      const init = { agent, signal: request.signal, headers };
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        // An error after the answer has come is one of its body, and reported there too.
        send(url, init, resolve).on('error', reject).end();
      });
      const { statusCode = 0 } = answer;
      if (statusCode >= 200 && statusCode < 300) return answer;
      throw await answerError(statusCode, answer);
    },
    async read(request, call) {
      if (ranges === undefined) return undefined;
      const { url, headers } = await addressed(request);
      const path = `${url.pathname}${url.search}`;
      const answer = await ranges.read({ ...call, path, headers, signal: request.signal });
      if (answer === undefined || answer.statusCode < 300) return answer;
      throw await answerError(answer.statusCode, streamOf(answer.bytes));
    },
    close: () => {
      agent.destroy();
      ranges?.close();
    },
  };
}

/** The service account's key that the options name. Google's library, given the options themselves, writes warnings to the console. */
function keyOf({ keyFilename, credentials }: GcsOptions): JWT | undefined {
  const scopes = ['https://www.googleapis.com/auth/devstorage.read_only'];
  if (keyFilename !== undefined) return new JWT({ keyFile: keyFilename, scopes });
  if (credentials === undefined) return undefined;
  const { client_email: email, private_key: pem } = credentials;
  return new JWT({ email, key: pem.replaceAll(String.raw`\n`, '\n'), scopes });
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const listener = addAbortListener(signal, () => reject(signal.reason));
  try {
    return await Promise.race([work, promise]);
  } finally {
    listener[Symbol.dispose]();
  }
}
