const mark = '***';

/** A URL's user and password. */
const credentials = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]*@/gi;

/**
 * A text without secrets: each of `secrets` (also as URLs write it) and whatever stands between `://` and `@`. For messages that
 * repeat what was sent.
 */
export function redact(text: string, secrets: readonly (string | undefined)[] = []): string {
  const known = secrets
    .flatMap((secret) => (secret === undefined || secret === '' ? [] : [secret, encodeURIComponent(secret)]))
    // What contains another one goes first.
    .toSorted((a, b) => b.length - a.length);
  return known
    .reduce((shown, secret) => shown.replaceAll(secret, mark), text)
    .replaceAll(credentials, `$1${mark}@`);
}
