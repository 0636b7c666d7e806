/** What a request to a store is for. */
export type RequestKind = 'list' | 'head' | 'get';

/** A cloud's protocol, as far as a proxy must know it. */
export interface StoreProtocol {
  kindOf(method: string, url: URL): RequestKind;
  /** The body of an error, and what says its code in the header. */
  errorAnswer(status: number, code: string): ErrorAnswer;
}

export interface ErrorAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const s3Protocol: StoreProtocol = {
  kindOf: (method, url) => (method === 'HEAD' ? 'head' : url.searchParams.has('list-type') ? 'list' : 'get'),
  errorAnswer: (_, code) => ({ headers: { 'content-type': 'application/xml' }, body: errorXml(code) }),
};

/** https://learn.microsoft.com/rest/api/storageservices/status-and-error-codes2 */
export const azureProtocol: StoreProtocol = {
  kindOf: (method, url) =>
    method === 'HEAD' ? 'head' : url.searchParams.get('comp') === 'list' ? 'list' : 'get',
  errorAnswer: (_, code) => ({
    headers: { 'content-type': 'application/xml', 'x-ms-error-code': code },
    body: errorXml(code),
  }),
};

/** https://cloud.google.com/storage/docs/json_api/v1/status-codes */
export const gcsProtocol: StoreProtocol = {
  kindOf: (_, url) =>
    url.pathname.endsWith('/o') ? 'list' : url.searchParams.get('alt') === 'media' ? 'get' : 'head',
  errorAnswer: (status, code) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { code: status, message: 'Told to.', errors: [{ reason: code }] } }),
  }),
};

function errorXml(code: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>Told to.</Message></Error>`;
}
