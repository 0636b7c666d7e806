import { type StoreFailure, failureOfStatus } from '@tributary/lake';

/** Codes of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html that say more than their status, and of the SDK. */
const byName: Readonly<Record<string, StoreFailure>> = {
  AuthorizationHeaderMalformed: 'authentication',
  CredentialsProviderError: 'authentication',
  ExpiredToken: 'authentication',
  InvalidAccessKeyId: 'authentication',
  InvalidToken: 'authentication',
  RequestTimeTooSkewed: 'authentication',
  SignatureDoesNotMatch: 'authentication',
  TokenRefreshRequired: 'authentication',
  // What versitygw says, with 404, of an access key that it has not.
  XAdminUserNotFound: 'authentication',
  AccessDenied: 'permission',
  NoSuchBucket: 'missing',
  NoSuchKey: 'missing',
  NotFound: 'missing',
  PreconditionFailed: 'changed',
  // Of an object that is shorter than its listing said.
  InvalidRange: 'changed',
  InternalError: 'passing',
  RequestTimeout: 'passing',
  ServiceUnavailable: 'passing',
  SlowDown: 'passing',
};

/** What an error of the SDK means; undefined where it is none of the store's. */
export function failureOf(error: unknown): StoreFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const named = byName[error.name];
  if (named !== undefined) return named;
  const status = statusOf(error);
  return status === undefined || status < 300 ? undefined : failureOfStatus(status);
}

function statusOf(error: Error): number | undefined {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
