/** Where a bucket (a container, in Azure's words) can be filled. */
export interface ObjectStore {
  readonly bucket: string;
  /** Writes a whole object; one of this key is replaced. */
  putObject(key: string, body: Uint8Array): Promise<void>;
}

export interface ObjectStoreOptions {
  /** Created. Default `lake`. */
  readonly bucket?: string;
}

/** A key as it stands in a URL's path, escaped as strictly as signatures want it. */
export function escapedKey(key: string): string {
  return key
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replaceAll(
        /[!'()*]/g,
        (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');
}

/** Sends a request that must succeed. */
export async function send(url: URL, request: RequestInit): Promise<void> {
  const answer = await fetch(url, request);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${request.method} ${url.href} answered ${answer.status}: ${text}`);
}
