import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** What a source's options say of TLS, as PEM text. */
export interface TlsMaterial {
  /** Certificates of the authorities that are trusted. */
  readonly ca?: string | undefined;
  /** The client's certificate. */
  readonly cert?: string | undefined;
  /** Its key, without a passphrase. */
  readonly key?: string | undefined;
}

/**
 * Why the material cannot be used, if it cannot, and of which option: a path in place of a file's text, broken PEM, a certificate
 * without its key or with another's. A text may hold certificate and key together. Drivers notice some of these only in the
 * middle of a handshake, and some not at all. Never holds any of the text.
 *
 * @example
 * const issue = tlsMaterialIssue({ ca: '/etc/ca.pem' });
 * console.log(issue?.option); // ca
 */
export function tlsMaterialIssue(
  material: TlsMaterial,
): { readonly option: keyof TlsMaterial; readonly message: string } | undefined {
  const { ca, cert, key } = material;
  for (const [option, text] of [
    ['ca', ca],
    ['cert', cert],
    ['key', key],
  ] as const) {
    if (text !== undefined && !/-----BEGIN [A-Z0-9 ]+-----/.test(text)) {
      return {
        option,
        message: 'must be PEM text, which has a line -----BEGIN …-----: the text of a file, not its path',
      };
    }
  }
  if (cert !== undefined && key === undefined)
    return { option: 'cert', message: 'needs the option key as well' };
  if (key !== undefined && cert === undefined)
    return { option: 'key', message: 'needs the option cert as well' };
  for (const [option, text] of [
    ['ca', ca],
    ['cert', cert],
  ] as const) {
    const message = text === undefined ? undefined : certificateIssue(text);
    if (message !== undefined) return { option, message };
  }
  if (!isUsable({ key }))
    return { option: 'key', message: 'is PEM text that cannot be read, or has a passphrase' };
  if (!isUsable({ cert, key }))
    return { option: 'key', message: 'is not the key of the certificate in cert' };
  return undefined;
}

/** OpenSSL's labels of certificates; blocks of any other label, such as a key in the same file, it passes over. */
const certificateBlocks = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^]*?(?=-----BEGIN |$)/g;

/** Asked one by one: Node passes over an authority that it cannot read. */
function certificateIssue(text: string): string | undefined {
  const blocks = text.match(certificateBlocks);
  if (blocks === null) return 'is PEM text that holds no certificate';
  return blocks.every(isCertificate) ? undefined : 'is PEM text that cannot be read';
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}

function isUsable(material: TlsMaterial): boolean {
  try {
    createSecureContext(material);
    return true;
  } catch {
    return false;
  }
}
