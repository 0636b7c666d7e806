import { expect, test } from 'vitest';
import { tlsFix } from './tls-fix.js';

test.each([
  ["Hostname/IP does not match certificate's altnames: Host: a. is not in the cert's altnames", /host name/],
  ['unable to verify the first certificate', /`ca`/],
  ['self-signed certificate in certificate chain', /`ca`/],
  ['certificate has expired', /Renew/],
  ['ssl/tls alert certificate required', /`cert` and `key`/],
  ['ssl/tls alert handshake failure', /cipher.*`cert` and `key`/],
  ['0A00010B:SSL routines:ssl3_get_record:wrong version number', /turn TLS off/],
  ['something else', /Check the options for TLS/],
])('%s', (message, advice) => {
  expect(tlsFix(new Error(message))).toMatch(advice);
});
