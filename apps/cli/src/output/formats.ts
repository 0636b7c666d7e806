import type { Terminal } from '../terminal/terminal.js';
import type { OutputFormat } from './output-format.js';
import type { ResultWriter } from './result-stream.js';
import type { TableStyle } from './table-layout.js';
import { writeArrow } from './write-arrow.js';
import { writeCsv } from './write-csv.js';
import { writeJson, writeNdjson } from './write-json.js';
import { writeParquet } from './write-parquet.js';
import { writeTable } from './write-table.js';

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
