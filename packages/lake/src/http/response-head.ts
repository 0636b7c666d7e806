/** What comes before an answer's body (RFC 9112). */
export interface ResponseHead {
  readonly status: number;
  /** By names in lower case; fields that come several times are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body; undefined where the head does not tell. */
  readonly bodyBytes: number | undefined;
  /** Whether the body comes in chunks, and in no other encoding. */
  readonly isChunked: boolean;
  /** Whether another request may follow on the connection. */
  readonly keepsAlive: boolean;
  /** Bytes of the head itself. */
  readonly bytes: number;
}

/** Of anything longer, something is wrong. */
const mostBytes = 64 * 1024;

/**
 * @returns undefined while its end has not come
 * @throws Error for what is no head
 */
export function responseHead(received: Buffer): ResponseHead | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end > mostBytes || (end < 0 && received.length > mostBytes)) throw malformed('its head has no end');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = received.toString('latin1', 0, end).split('\r\n');
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/.exec(statusLine) ?? [];
  if (code === undefined) throw malformed(`it begins with ${JSON.stringify(statusLine.slice(0, 40))}`);
  const status = Number(code);
  const headers = fieldsOf(lines);
  return {
    status,
    headers,
    bodyBytes: bodyBytes(status, headers),
    isChunked: headers['transfer-encoding']?.toLowerCase() === 'chunked',
    keepsAlive: minor === '1' && !/\bclose\b/i.test(headers['connection'] ?? ''),
    bytes: end + 4,
  };
}

function fieldsOf(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const [, name, value] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw malformed('one of its headers has no name');
    const key = name.toLowerCase();
    const before = headers[key];
    headers[key] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

/** RFC 9112, 6.3. */
function bodyBytes(status: number, headers: Readonly<Record<string, string>>): number | undefined {
  if (status < 200 || status === 204 || status === 304) return 0;
  if (headers['transfer-encoding'] !== undefined) return undefined;
  const length = headers['content-length'];
  if (length === undefined) return undefined;
  if (!/^\d{1,15}$/.test(length)) throw malformed('its Content-Length is no number');
  return Number(length);
}

/** As Node's own parser calls it, so that it is taken for a fault of the network. */
export function malformed(why: string): Error {
  return Object.assign(new Error(`The answer is no HTTP: ${why}.`), { code: 'HPE_INVALID' });
}
