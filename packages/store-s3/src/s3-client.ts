import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { fromIni } from '@aws-sdk/credential-providers';
import type { S3Options } from './s3-options.js';

/**
 * A client that makes one try per call, in the manner of the options. Without keys, profile or `anonymous`, the SDK's default chain
 * looks: environment, shared files, SSO, web identity, container, instance.
 */
export function s3Client(options: S3Options): S3Client {
  const { endpoint, pathStyle, profile } = options;
  const region = options.region ?? (endpoint === undefined ? undefined : usualRegion(profile));
  const client = new S3Client({
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    forcePathStyle: pathStyle ?? endpoint !== undefined,
    followRegionRedirects: true,
    maxAttempts: 1,
    // A range has no checksum of its own, and every read is checked for its length and ETag.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 10_000,
      httpAgent: { maxSockets: 64 },
      httpsAgent: { maxSockets: 64 },
    },
    ...identity(options),
  });
  // Nobody reads its log, of which it makes a copy of every entry of a listing.
  client.middlewareStack.remove('loggerMiddleware');
  signAgainByTheRightClock(client);
  return client;
}

/** As the SDK: what servers say of the time counts where the clock is off by so much. */
const mostSkewMs = 240_000;

/** The SDK learns the time from answers, refusals too, but leaves it to its retries, of which there are none, to make use of it. */
function signAgainByTheRightClock({ config, middlewareStack }: S3Client): void {
  middlewareStack.add(
    (next) => async (args) => {
      const signedBy = config.systemClockOffset;
      try {
        return await next(args);
      } catch (error) {
        if (Math.abs(config.systemClockOffset - signedBy) < mostSkewMs) throw error;
        return next(args);
      }
    },
    // Before that of signatures.
    { step: 'build', priority: 'low', name: 'signAgainByTheRightClock' },
  );
}

/** The environment's or the profile's region; signatures for a server of one's own need some, and most take this one. */
function usualRegion(profile: string | undefined): () => Promise<string> {
  let found: Promise<string> | undefined;
  const find = (): Promise<string> => {
    const { config } = new S3Client(profile === undefined ? {} : { profile });
    return config.region().catch(() => 'us-east-1');
  };
  return () => (found ??= find());
}

function identity(options: S3Options): Pick<S3ClientConfig, 'credentials' | 'signer'> {
  const { accessKeyId, secretAccessKey, sessionToken, profile } = options;
  if (options.anonymous === true) {
    return {
      credentials: { accessKeyId: '', secretAccessKey: '' },
      signer: { sign: (request) => Promise.resolve(request) },
    };
  }
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return {
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    };
  }
  return profile === undefined ? {} : { credentials: fromIni({ profile }) };
}
