import { z } from 'zod';

/** What stands below the source in `tributary.yaml`. */
export const options = z.strictObject({
  /** The database file; relative to the configuration. */
  file: z.string().min(1),
  /** Set by the command line: the configuration's directory. */
  baseDirectory: z.string().optional(),
});

export type $TypeName$Options = z.output<typeof options>;
