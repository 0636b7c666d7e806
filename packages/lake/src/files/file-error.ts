import { TributaryError } from '@tributary/connector-sdk';

/** A file-system failure as one of our errors. */
export function fileError(error: unknown, path: string, sourceId: string): unknown {
  if (error instanceof TributaryError || !(error instanceof Error) || !('code' in error)) return error;
  const about = { sourceId, object: path, cause: error };
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new TributaryError('SOURCE.MISSING_OBJECT', {
        ...about,
        message: `${path} does not exist.`,
        fix: 'Restore it, or correct the root or path in the configuration.',
      });
    case 'EACCES':
    case 'EPERM':
      return new TributaryError('SOURCE.PERMISSION', {
        ...about,
        message: `${path} may not be read by this user.`,
        fix: 'Grant read access to the file and search access to its folders.',
      });
    default:
      return new TributaryError('SOURCE.UNREACHABLE', {
        ...about,
        message: `${path} could not be read: ${error.message}.`,
        fix: 'Check the disk or mount that holds it.',
      });
  }
}

/** @param why what is wrong, without the file's name, for example `it is cut short` */
export function corruptFile(path: string, why: string, sourceId: string, cause?: unknown): TributaryError {
  return new TributaryError('SOURCE.CORRUPT_DATA', {
    message: `${path} cannot be read: ${why}.`,
    fix: 'Restore the file from its origin, or remove it from the folder.',
    sourceId,
    object: path,
    ...(cause !== undefined && { cause }),
  });
}
