import { TributaryError } from '@tributary/connector-sdk';
import { type StoreFailure, failureOfStatus } from '@tributary/lake';

/**
 * Codes of https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes that say more than their status, and names of
 * the SDK's errors.
 */
const byName: Readonly<Record<string, StoreFailure>> = {
  AuthenticationFailed: 'authentication',
  InvalidAuthenticationInfo: 'authentication',
  AggregateAuthenticationError: 'authentication',
  AuthenticationError: 'authentication',
  AuthenticationRequiredError: 'authentication',
  CredentialUnavailableError: 'authentication',
  PublicAccessNotPermitted: 'permission',
  // Of a blob that is shorter than its listing said.
  InvalidRange: 'changed',
  // Of an answer that breaks off, as text and as bytes.
  PARSE_ERROR: 'passing',
  AbortError: 'passing',
};

/** What an error of the SDK means; undefined where it is none of the store's. */
export function failureOf(error: unknown): StoreFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  // What Azurite says of a wrong key and an expired token; Azure says AuthenticationFailed.
  if (code === 'AuthorizationFailure' && error.message.includes('failed to authenticate'))
    return 'authentication';
  const named = byName[code ?? ''] ?? byName[error.name];
  if (named !== undefined) return named;
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 300 ? failureOfStatus(status) : undefined;
}

/**
 * The error without the request, whose URL may have a SAS token in it, and without what else the service says of signatures.
 * The code of a network's error stays.
 */
export function tellable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TributaryError) return error;
  const code = codeOf(error);
  return Object.assign(new Error(messageOf(error, code)), { code });
}

function messageOf(error: Error, code: string | undefined): string {
  if (/^(BlobArchived|BlobBeingRehydrated)$/.test(code ?? '')) {
    return 'the blob is archived: move it to an online tier (hot, cool, cold) and read it then';
  }
  if (/^(AggregateAuthentication|AuthenticationRequired|CredentialUnavailable)Error$/.test(error.name)) {
    return "Azure's default chain has no credentials: sign in with the Azure CLI, or give the source a key or a SAS token";
  }
  const [first = ''] = error.message.split('\n');
  // A page of a proxy on the way is no reason, and may say what is nobody's business.
  const message = first === '' || first.startsWith('<') ? (code ?? '') : first;
  const detail = textIn(detailsOf(error), 'authenticationErrorDetail') ?? '';
  // The other details quote signatures and what was signed.
  const [when] = /^Signature not valid in the specified time frame[^\n]*/.exec(detail) ?? [];
  return withoutSignature(when === undefined ? message : `${message.replace(/\.$/, '')}: ${when}`);
}

function withoutSignature(text: string): string {
  return text.replaceAll(/\bsig=[^&\s'"]+/gi, 'sig=***');
}

/** Of the service, or of the network. An answer to HEAD has the service's in a header only. */
function codeOf(error: Error): string | undefined {
  return textIn(error, 'code') ?? textIn(detailsOf(error), 'errorCode');
}

function detailsOf(error: Error): unknown {
  return 'details' in error ? error.details : undefined;
}

function textIn(holder: unknown, key: string): string | undefined {
  if (typeof holder !== 'object' || holder === null || !(key in holder)) return undefined;
  const value: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
  return typeof value === 'string' ? value : undefined;
}
