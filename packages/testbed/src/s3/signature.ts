import { createHash, createHmac } from 'node:crypto';

/** Whose signature a request carries. */
export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** The headers that sign a request (AWS Signature Version 4) without query parameters. */
export function signedHeaders(
  method: string,
  url: URL,
  body: Uint8Array,
  keys: S3Keys,
): Readonly<Record<string, string>> {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const hash = sha256(body);
  const headers = { host: url.host, 'x-amz-content-sha256': hash, 'x-amz-date': time };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const request = [method, url.pathname, '', lines.join(''), names, hash].join('\n');
  const scope = [time.slice(0, 8), keys.region, 's3', 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(request)].join('\n');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return {
    'x-amz-content-sha256': hash,
    'x-amz-date': time,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
