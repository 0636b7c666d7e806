import type { Terminal } from '../terminal/terminal.js';
import type { ResultWriter } from './result-stream.js';
import type { TableStyle } from './table-layout.js';
import { writeArrow } from './write-arrow.js';
import { writeCsv } from './write-csv.js';
import { writeJson, writeNdjson } from './write-json.js';
import { writeParquet } from './write-parquet.js';
import { writeTable } from './write-table.js';

export const outputFormats = ['table', 'json', 'ndjson', 'csv', 'parquet', 'arrow'] as const;

export type OutputFormat = (typeof outputFormats)[number];

/** Formats that a terminal cannot show. */
export function isBinary(format: OutputFormat): boolean {
  return format === 'parquet' || format === 'arrow';
}

/** What a file's name says about its format: `out.csv`, `out.parquet`. */
export function formatOfPath(path: string): OutputFormat | undefined {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase();
  if (extension === 'jsonl') return 'ndjson';
  if (extension === 'arrows') return 'arrow';
  return outputFormats.find((format) => format === extension);
}

export function resultWriter(format: OutputFormat, style: TableStyle): ResultWriter {
  switch (format) {
    case 'table':
      return (result) => writeTable(result, style);
    case 'json':
      return writeJson;
    case 'ndjson':
      return writeNdjson;
    case 'csv':
      return writeCsv;
    case 'parquet':
      return writeParquet;
    case 'arrow':
      return writeArrow;
  }
}

/** How tables look on the terminal's stdout; plain and uncut where stdout is a file or a pipe. */
export function tableStyle({ stdout, out }: Terminal): TableStyle {
  return { colors: out, unicode: stdout.isTTY, maxCellWidth: stdout.isTTY ? 60 : Number.POSITIVE_INFINITY };
}
