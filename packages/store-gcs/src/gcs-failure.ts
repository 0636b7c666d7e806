import type { Readable } from 'node:stream';
import { networkErrorClass } from '@tributary/connector-sdk';
import { type StoreFailure, failureOfStatus } from '@tributary/lake';
import { z } from 'zod';

/** What went wrong, said without secrets. */
class GcsError extends Error {
  readonly failure: StoreFailure;

  constructor(message: string, failure: StoreFailure) {
    super(message);
    this.failure = failure;
  }
}

/** https://cloud.google.com/storage/docs/json_api/v1/status-codes; answers for objects' bytes may be text or XML instead. */
const errorBody = z.object({
  error: z.object({
    message: z.string(),
    errors: z.array(z.object({ reason: z.string().optional() })).default([]),
  }),
});

/** Of an OAuth server (RFC 6749, 5.2), as Google's library reports it. Descriptions stay out: they may repeat what was sent. */
const tokenFailure = z.object({
  response: z.object({
    status: z.number(),
    data: z.object({ error: z.string() }).optional().catch(undefined),
  }),
});

const fileFailure = z.object({ syscall: z.string(), path: z.string().optional() });

/** Of Node, about a proxy that lets nobody through. */
const tunnelFailure = z.object({ code: z.literal('ERR_PROXY_TUNNEL'), statusCode: z.number() });

/** Far above any error's body. */
const maxBodyLength = 100_000;

/** What an error means; undefined where it is none of the store or of a proxy before it. */
export function failureOf(error: unknown): StoreFailure | undefined {
  if (error instanceof GcsError) return error.failure;
  const tunnel = tunnelFailure.safeParse(error);
  return tunnel.success ? failureOfStatus(tunnel.data.statusCode) : undefined;
}

/** The error of an answer that is none of 2xx; reads its body. */
export async function answerError(status: number, answer: Readable): Promise<Error> {
  const { message, reasons } = await detailsOf(answer);
  return new GcsError(message ?? `HTTP ${status}`, failureOfAnswer(status, reasons));
}

/** Exported for its test. */
export function failureOfAnswer(status: number, reasons: readonly string[]): StoreFailure {
  // Of an object that is shorter than its listing said.
  if (status === 416) return 'changed';
  // Quotas are 403 in answers of old: rateLimitExceeded, userRateLimitExceeded.
  if (reasons.some((reason) => /rateLimitExceeded$/i.test(reason))) return 'passing';
  return failureOfStatus(status);
}

/**
 * The error of a search for credentials, or of a token that was refused. The library's own errors quote key files, tokens and the
 * output of programs: nothing of them is kept that is not known to be harmless.
 */
export function credentialsError(error: unknown): Error {
  const refused = tokenFailure.safeParse(error);
  if (refused.success) {
    const { status, data } = refused.data.response;
    const isPassing = failureOfStatus(status) === 'passing';
    const reason = data?.error ?? `HTTP ${status}`;
    return new GcsError(`no token could be had: ${reason}`, isPassing ? 'passing' : 'authentication');
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof Error && fileFailure.safeParse(error).success && /^E[A-Z]+$/.test(code)) {
    return new GcsError(`no credentials could be had: ${error.message}`, 'authentication');
  }
  if (networkErrorClass(error) !== undefined) {
    return Object.assign(new Error(`no token could be had: ${code}`), { code });
  }
  if (error instanceof Error && 'config' in error) {
    return new GcsError('no token could be had: no answer came', 'passing');
  }
  if (code === 'MISSING_CREDENTIALS') {
    const why = 'its file holds no key of a service account; GOOGLE_APPLICATION_CREDENTIALS may name others';
    return new GcsError(`no credentials could be had: ${why}`, 'authentication');
  }
  if (code.startsWith('ERR_OSSL_')) return new GcsError('the private key cannot be read', 'authentication');
  return new GcsError('no credentials could be had', 'authentication');
}

async function detailsOf(
  answer: Readable,
): Promise<{ readonly message?: string; readonly reasons: readonly string[] }> {
  try {
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) {
      text += String(chunk);
      if (text.length > maxBodyLength) return { reasons: [] };
    }
    const { error } = errorBody.parse(JSON.parse(text));
    return { message: error.message, reasons: error.errors.flatMap(({ reason }) => reason ?? []) };
  } catch {
    // The status says enough, whatever has become of the body.
    return { reasons: [] };
  }
}
