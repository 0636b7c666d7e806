import type { OptionField } from '@tributary/connector-sdk';
import { z } from 'zod';

/** What stands below the source in `tributary.yaml`. Any other Standard Schema does as well as zod's. */
export const options = z.strictObject({
  file: z.string().min(1),
});

export type $TypeName$Options = z.output<typeof options>;

/** What tools know of the options: for help, forms, environment variables, paths and redaction. */
export const fields: Readonly<Record<keyof $TypeName$Options, OptionField>> = {
  file: { description: 'The database file, relative to the configuration.', file: true },
};
