import { z } from 'zod';

const tableOptions = z
  .strictObject({
    /** The table's folder, relative to the root and inside it. */
    path: z
      .string()
      .min(1)
      .refine((path) => !path.split('/').includes('..'), { error: 'leads outside of the root' }),
    /** The version to read. Default: the newest. */
    version: z.int().nonnegative().optional(),
    /** The time to read the table as of: `2026-01-31` or `2026-01-31T10:00:00Z`. */
    timestamp: z.string().min(1).optional(),
  })
  .refine(({ version, timestamp }) => version === undefined || timestamp === undefined, {
    error: 'version and timestamp exclude each other',
  });

export const deltaOptions = z.strictObject({
  /** Folder that holds the tables; relative to `baseDirectory`. */
  root: z
    .string()
    .min(1)
    .refine((root) => !/^[a-z][a-z0-9+.-]+:\/\//i.test(root), {
      error: 'must be a folder; for tables in an object store, see createDeltaObjectSource',
    }),
  /** What a relative root is relative to. Default: the working directory. */
  baseDirectory: z.string().min(1).optional(),
  /** Tables by name. Without it, folders with a `_delta_log`, one or two levels below the root, are the tables. */
  tables: z.record(z.string().min(1), tableOptions).optional(),
});

/** Options of the connector, as in a configuration. */
export type DeltaOptions = z.input<typeof deltaOptions>;
/** Which folder a table is, and at which version or time it is read. */
export type DeltaTableOptions = z.input<typeof tableOptions>;
