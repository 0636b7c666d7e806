import type { OptionField } from '@tributary/connector-sdk';
import { z } from 'zod';

/** What stands below the source in `tributary.yaml`. Any other Standard Schema does as well as zod's. */
export const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  token: z.string().min(1).optional(),
});

export type $TypeName$Options = z.output<typeof options>;

/** What tools know of the options: for help, forms, environment variables, paths and redaction. */
export const fields: Readonly<Record<keyof $TypeName$Options, OptionField>> = {
  url: { description: 'Where the API is, such as https://api.example.com/v1.' },
  token: { description: 'Sent as a bearer token.', secret: true, env: '$ENVIRONMENT$_TOKEN' },
};
