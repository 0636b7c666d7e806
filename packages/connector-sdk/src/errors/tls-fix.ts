/**
 * What mends a connection that TLS has failed: by Node's code, or by its message where a driver has put a code of its own in its
 * place (https://nodejs.org/api/tls.html, X509 errors; OpenSSL's alerts).
 */
const fixes: readonly (readonly [RegExp, string])[] = [
  [
    /ALTNAME_INVALID|HOSTNAME_MISMATCH|match certificate's altnames/i,
    'Connect by a host name that stands in the certificate, or have one made for this host.',
  ],
  [
    /SELF_SIGNED|UNABLE_TO_|CERT_UNTRUSTED|self.signed|unable to (verify|get)/i,
    "Give the certificate of the authority that signed the server's in the option `ca`; check that it is the right one.",
  ],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|expired|not yet valid/i, 'Renew the certificate; check the clocks.'],
  [
    /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA)|alert (certificate required|bad certificate|unknown ca)/i,
    'The server wants a certificate of the client, or does not trust the one it got: set the options `cert` and `key`.',
  ],
  [
    // Up to TLS 1.2 servers say no more of a missing certificate either (RFC 5246, 7.2.2 and 7.4.6).
    /ALERT_HANDSHAKE_FAILURE|alert handshake failure/i,
    'The server shares no cipher or version of TLS with this side: compare what each allows. Or it wants a certificate of the client: set the options `cert` and `key`.',
  ],
  [
    /WRONG_VERSION_NUMBER|wrong version number|packet length too long/i,
    'No TLS is spoken on this port: correct the port, or turn TLS off in the configuration.',
  ],
];

const otherwise = "Check the options for TLS: the server's certificate or its lack of TLS does not fit them.";

/** Advice for a failure of TLS; one for all that it does not know. */
export function tlsFix(error: Error): string {
  const text = `${'code' in error ? String(error.code) : ''} ${error.message}`;
  return fixes.find(([pattern]) => pattern.test(text))?.[1] ?? otherwise;
}
