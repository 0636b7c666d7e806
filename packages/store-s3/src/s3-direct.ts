import type { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { type RangeAnswer, RangeReader, type RangeRequest, streamOf } from '@tributary/lake';

/** A stream without an encoding: it comes in Buffers. */
export type Body = AsyncIterable<Buffer> & Readable;

/** An answer as it came over the wire. */
export interface Answer {
  readonly statusCode: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

type Config = S3Client['config'];
type AuthScheme = NonNullable<Parameters<Config['signer']>[0]>;
type Signer = Awaited<ReturnType<Config['signer']>>;

/** Where requests for the bucket's objects go, and how they are signed. */
interface Route {
  /** With the bucket, in its host or its path. */
  readonly bucket: URL;
  readonly authScheme: AuthScheme;
  readonly signer: Promise<Signer>;
}

/**
 * Asks for objects without the SDK's way through a command, which takes a client four times as long as the request itself.
 * It is the SDK all the same that finds the endpoint and the region, that signs and that sends, with its connections and
 * timeouts: what it did for its last request that was answered is done again, for other objects.
 */
export class DirectRequests {
  readonly #config: Config;
  #route: Route | undefined;
  #reader: RangeReader | undefined;

  /** @param client of one bucket */
  constructor(client: S3Client) {
    this.#config = client.config;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const result = await next(args);
        this.#learn(context.endpointV2?.url, context.authSchemes?.[0]);
        return result;
      },
      { step: 'finalizeRequest', priority: 'low', name: 'learnRoute' },
    );
  }

  /** @returns undefined while it is not known where requests go, or where they are signed otherwise than those of buckets are */
  async get(
    key: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Answer | undefined> {
    if (this.#route === undefined) return undefined;
    const signed = await this.#signed(this.#route, key, headers);
    const sent: { readonly response: Answer } = await this.#config.requestHandler.handle(signed, {
      abortSignal: signal,
    });
    return sent.response;
  }

  /**
   * The bytes of a range in the room for them, or another answer with a small body.
   *
   * @returns undefined for what `get` returns it for, and for an answer whose body is too long or of no certain length
   */
  async read(
    key: string,
    headers: Readonly<Record<string, string>>,
    call: Pick<RangeRequest, 'room' | 'signal' | 'onBytes'>,
  ): Promise<RangeAnswer | undefined> {
    if (this.#route === undefined) return undefined;
    const signed = await this.#signed(this.#route, key, headers);
    return this.#readerOf(this.#route.bucket.origin).read({
      ...call,
      path: signed.path,
      headers: signed.headers,
    });
  }

  close(): void {
    this.#reader?.close();
  }

  #readerOf(origin: string): RangeReader {
    if (this.#reader?.origin === origin) return this.#reader;
    this.#reader?.close();
    this.#reader = new RangeReader(origin);
    return this.#reader;
  }

  async #signed(
    { bucket, authScheme, signer }: Route,
    key: string,
    headers: Readonly<Record<string, string>>,
  ): ReturnType<Signer['sign']> {
    const { protocol, hostname, port, host, pathname } = bucket;
    const request = {
      method: 'GET',
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      path: `${pathname.replace(/\/$/, '')}/${encodedKey(key)}`,
      query: {},
      headers: { host, ...headers },
    };
    const { signingRegion = '', signingName } = authScheme;
    return (await signer).sign(request, {
      signingDate: new Date(Date.now() + this.#config.systemClockOffset),
      signingRegion,
      signingService: signingName,
    });
  }

  #learn(bucket: URL | undefined, authScheme: AuthScheme | undefined): void {
    // Directory buckets have sessions, and access points of many regions another algorithm.
    const isUsual = authScheme?.name === 'sigv4' && authScheme.signingName === 's3';
    if (bucket === undefined || !isUsual) {
      this.#route = undefined;
      return;
    }
    const known = this.#route;
    if (known?.bucket.href === bucket.href && known.authScheme.signingRegion === authScheme.signingRegion)
      return;
    this.#route = { bucket, authScheme, signer: this.#config.signer(authScheme) };
  }
}

/** An answer whose body is there, as one whose body is still to be read. */
export function unread({ statusCode, headers, bytes }: RangeAnswer): Answer {
  return { statusCode, headers, body: streamOf(bytes) };
}

/** Has the SDK read an answer that came already: it knows errors and redirects. What it asks for after that is sent as ever. */
export function giveAnswer(command: GetObjectCommand, answer: Answer): void {
  let given: Answer | undefined = answer;
  command.middlewareStack.add(
    (next) => (args) => {
      const response = given;
      given = undefined;
      return response === undefined ? next(args) : Promise.resolve({ response });
    },
    { step: 'deserialize', priority: 'low', name: 'giveAnswer' },
  );
}

/** A key as the SDK writes it: RFC 3986, 2.3, and slashes. */
function encodedKey(key: string): string {
  return key.split('/').map(encoded).join('/');
}

function encoded(part: string): string {
  return encodeURIComponent(part).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
