import { z } from 'zod';
import { tableOptions } from '@tributary/lake';

export const lakeOptions = z.strictObject({
  /** Folder that holds the files; relative to `baseDirectory`. */
  root: z.string().min(1),
  /** What a relative root is relative to. Default: the working directory. */
  baseDirectory: z.string().min(1).optional(),
  /** Tables by name. Without it, files and folders below the root are the tables. */
  tables: z.record(z.string().min(1), tableOptions).optional(),
  /** Most files of one listing; more are an error, because they are usually the wrong folder. Default: 100,000. */
  maxFiles: z.int().positive().optional(),
});

/** Options of the connector, as in a configuration. */
export type LakeOptions = z.input<typeof lakeOptions>;
