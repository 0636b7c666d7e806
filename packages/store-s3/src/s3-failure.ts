import { type StoreFailure, failureOfStatus } from '@tributary/lake';

/** Codes of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html that say more than their status, and of the SDK. */
const byName: Readonly<Record<string, StoreFailure>> = {
  AuthorizationHeaderMalformed: 'authentication',
  CredentialsProviderError: 'authentication',
  ExpiredToken: 'authentication',
  InvalidAccessKeyId: 'authentication',
  InvalidRegionName: 'authentication',
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

/** What to do about an error of which more is known than what it means. */
export function fixOf(error: unknown): string | undefined {
  // The first is what Amazon says of a signature for another region.
  const isOfRegion =
    error instanceof Error && /^(AuthorizationHeaderMalformed|InvalidRegionName)$/.test(error.name);
  if (!isOfRegion) return undefined;
  return "Set s3.region to the region that the store expects; without it AWS_REGION or the profile's region counts, with an endpoint too.";
}

function statusOf(error: Error): number | undefined {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
