import { z } from 'zod';
import { parseTypeName } from '../table/type-name.js';

const typeName = z.string().refine((text) => parseTypeName(text) !== undefined, {
  error: 'not a type that files can be read as; examples: BIGINT, DECIMAL(12,2), VARCHAR, TIMESTAMP, DATE[]',
});

const csvOptions = z.strictObject({
  /** One character between fields. Default: `,`, and a tab in `.tsv` files. */
  delimiter: z.string().length(1).optional(),
  /** Whether the first line of each file holds column names. Default: true. */
  header: z.boolean().optional(),
  /** Default: `"`. */
  quote: z.string().length(1).optional(),
  /** What escapes a quote inside quotes. Default: the quote itself, doubled. */
  escape: z.string().length(1).optional(),
  /** Unquoted text that means NULL. Default: the empty field. */
  nullString: z.string().optional(),
});

/** How one table lies in its folder. */
export const tableOptions = z.strictObject({
  /** A file, a folder or a glob (`*`, `?`, `**`), relative to the root and inside it. */
  path: z.string().min(1),
  /** Default: by the files' extension. */
  format: z.enum(['parquet', 'csv', 'ndjson']).optional(),
  /** Whether folders named `key=value` are columns. Default: true. */
  hive: z.boolean().optional(),
  /** Types by column name, where the files' own (or the ones seen in a sample) are not wanted. */
  columns: z.record(z.string(), typeName).optional(),
  csv: csvOptions.optional(),
});

export type TableOptions = z.output<typeof tableOptions>;
export type CsvOptions = z.output<typeof csvOptions>;
export type FileFormat = 'parquet' | 'csv' | 'ndjson';
