import { createHmac } from 'node:crypto';

/** A storage account; the key is in base64, as Azure gives it. */
export interface AzureAccount {
  readonly accountName: string;
  readonly accountKey: string;
}

/** The headers that sign a PUT (Azure's Shared Key) to a server that has the account in the URL's path. */
export function signedPutHeaders(
  url: URL,
  body: Uint8Array,
  extra: Readonly<Record<string, string>>,
  { accountName, accountKey }: AzureAccount,
): Readonly<Record<string, string>> {
  const headers = { ...extra, 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2025-11-05' };
  const length = body.byteLength === 0 ? '' : String(body.byteLength);
  // Content-Encoding and -Language before the length; -MD5 and -Type, Date, conditions and Range after it.
  const standard = ['PUT', '', '', length, '', '', '', '', '', '', '', ''];
  const own = Object.entries(headers)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}:${value}`);
  const parameters = [...url.searchParams].toSorted().map(([name, value]) => `${name}:${value}`);
  const toSign = [...standard, ...own, `/${accountName}${url.pathname}`, ...parameters].join('\n');
  const signature = createHmac('sha256', Buffer.from(accountKey, 'base64')).update(toSign).digest('base64');
  return { ...headers, authorization: `SharedKey ${accountName}:${signature}` };
}
