import { z } from 'zod';

/** What stands below the source in `tributary.yaml`. */
export const options = z.strictObject({
  /** Where the API is: `https://api.example.com/v1`. */
  url: z.url({ protocol: /^https?$/ }),
  /** Sent as a bearer token. A secret: say `${MY_TOKEN}` in the configuration, and it is read from the environment. */
  token: z.string().min(1).optional(),
});

export type $TypeName$Options = z.output<typeof options>;
