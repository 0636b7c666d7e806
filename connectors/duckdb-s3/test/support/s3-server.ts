import type { BucketAccess } from './bucket.js';
import { FaultyS3 } from './faulty-s3.js';

export interface S3Server extends BucketAccess, AsyncDisposable {}

/** The server of the tests that need no faults. */
export function startS3Server(): Promise<S3Server> {
  return FaultyS3.start();
}
