import { typeName } from '@tributary/connector-sdk';
import type { DataFile } from '../files/data-file.js';
import type { FileReader } from '../files/file-reader.js';
import { readFooter } from '../parquet/footer.js';
import type { CsvOptions, FileFormat } from '../source/table-options.js';
import { csvFormat } from '../text/csv-head.js';
import { sampledDataType } from '../text/infer.js';
import { type TextSample, sampleCsvFile, sampleNdjsonFile } from '../text/sample.js';
import type { FileColumn, FileDescription } from './lake-table.js';

/** Reads a Parquet file's footer, or the beginning of a CSV or NDJSON file. */
export async function describeFile(
  file: DataFile,
  format: FileFormat,
  csvOptions: CsvOptions,
  reader: FileReader,
): Promise<FileDescription> {
  switch (format) {
    case 'parquet': {
      const footer = await readFooter(file, reader);
      return {
        columns: footer.columns,
        shape: JSON.stringify(
          footer.columns.map((column) => [
            column.name,
            nameOfType(column.type),
            column.fieldId,
            nameOfType(column.typeById),
          ]),
        ),
        estimatedRows: footer.rows,
        details: { kind: 'parquet', footer },
      };
    }
    case 'csv': {
      const csv = csvFormat(file.path, csvOptions);
      const sample = await sampleCsvFile(file, csv, reader);
      return {
        columns: sampledColumns(sample),
        shape: JSON.stringify([csv, sample.columns.map((column) => column.name)]),
        estimatedRows: sample.estimatedRows,
        details: { kind: 'csv', format: csv },
      };
    }
    case 'ndjson': {
      const sample = await sampleNdjsonFile(file, reader);
      return {
        columns: sampledColumns(sample),
        shape: '',
        estimatedRows: sample.estimatedRows,
        details: { kind: 'ndjson' },
      };
    }
  }
}

function sampledColumns(sample: TextSample): readonly FileColumn[] {
  return sample.columns.map(({ name, type }) => ({
    name,
    type: type === undefined ? undefined : sampledDataType(type),
    nullable: true,
  }));
}

function nameOfType(type: FileColumn['type']): string {
  if (type === undefined) return '';
  return type.id === 'unsupported' ? type.duckdbName : typeName(type);
}
