import type { Terminal } from '../terminal/terminal.js';
import type { OutputFormat } from './output-format.js';
import type { ResultWriter } from './result-stream.js';
import type { TableStyle } from './table-layout.js';
import { writeArrow } from './write-arrow.js';
import { writeCsv } from './write-csv.js';
import { writeJson, writeNdjson } from './write-json.js';
import { writeParquet } from './write-parquet.js';
import { writeRecords, writeTable } from './write-table.js';

export function resultWriter(format: OutputFormat, style: TableStyle): ResultWriter {
  switch (format) {
    case 'table':
      return (result) => writeTable(result, style);
    case 'records':
      return (result) => writeRecords(result, style);
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
  const unlimited = Number.POSITIVE_INFINITY;
  if (!stdout.isTTY) return { colors: out, unicode: false, maxCellWidth: unlimited, width: unlimited };
  // Some terminals say that they are 0 columns wide.
  return { colors: out, unicode: true, maxCellWidth: 60, width: stdout.columns || unlimited };
}
