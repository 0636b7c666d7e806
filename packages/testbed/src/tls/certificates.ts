import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../install/programs.js';

/** A certificate and its key, as PEM text. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** An authority of a test's own, which nobody else trusts. Made by the program `openssl`. */
export class CertificateAuthority implements AsyncDisposable {
  /** Its certificate, as PEM text. */
  readonly ca: string;
  readonly #directory: string;

  private constructor(directory: string, ca: string) {
    this.#directory = directory;
    this.ca = ca;
  }

  static async create(): Promise<CertificateAuthority> {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-tls-'));
    const [cert, key] = [join(directory, 'ca.pem'), join(directory, 'ca.key')];
    // Named apart: a verifier looks an issuer up by name, and would take another authority's namesake for a broken one.
    const subject = `/CN=authority ${randomUUID()}`;
    await runProgram('openssl', ['req', '-x509', ...newKey, '-subj', subject, '-keyout', key, '-out', cert]);
    return new CertificateAuthority(directory, await readFile(cert, 'utf8'));
  }

  /** @param names as in a subjectAltName: `DNS:localhost`, `IP:127.0.0.1` */
  async issue(...names: readonly string[]): Promise<KeyPair> {
    const base = join(this.#directory, randomUUID());
    const request = [
      'req',
      ...newKey,
      '-subj',
      '/CN=tributary',
      '-keyout',
      `${base}.key`,
      '-out',
      `${base}.csr`,
    ];
    await runProgram('openssl', request);
    await writeFile(`${base}.ext`, `subjectAltName=${names.join(',')}\n`);
    const authority = ['-CA', join(this.#directory, 'ca.pem'), '-CAkey', join(this.#directory, 'ca.key')];
    const files = ['-in', `${base}.csr`, '-extfile', `${base}.ext`, '-out', `${base}.pem`];
    const serial = ['-set_serial', String(Date.now())];
    await runProgram('openssl', ['x509', '-req', '-days', '2', ...serial, ...authority, ...files]);
    return { cert: await readFile(`${base}.pem`, 'utf8'), key: await readFile(`${base}.key`, 'utf8') };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#directory, { recursive: true });
  }
}
