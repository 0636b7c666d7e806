export const outputFormats = ['table', 'records', 'json', 'ndjson', 'csv', 'parquet', 'arrow'] as const;

export type OutputFormat = (typeof outputFormats)[number];

/** Formats that a terminal cannot show. */
export function isBinary(format: OutputFormat): boolean {
  return format === 'parquet' || format === 'arrow';
}

export const textFormats = outputFormats.filter((format) => !isBinary(format));

/** What a file's name says about its format: `out.csv`, `out.parquet`. */
export function formatOfPath(path: string): OutputFormat | undefined {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
  if (extension === 'jsonl') return 'ndjson';
  if (extension === 'arrows') return 'arrow';
  return outputFormats.find((format) => format === extension);
}
