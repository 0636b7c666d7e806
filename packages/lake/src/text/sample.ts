import type { DataFile } from '../files/data-file.js';
import { corruptFile } from '../files/file-error.js';
import type { FileReader } from '../files/file-reader.js';
import { foldCase, uniqueNames } from '../table/names.js';
import { type CsvFormat, sampleCsv } from './csv-head.js';
import { type TextHead, readHead } from './head.js';
import { type SampledType, commonSampledType, jsonType, textType } from './infer.js';

/** What the beginning of a CSV or NDJSON file says of it. */
export interface TextSample {
  readonly columns: readonly { readonly name: string; readonly type: SampledType | undefined }[];
  /** From the sample's average row and the file's size. */
  readonly estimatedRows: number;
}

/** @throws TributaryError SOURCE.CORRUPT_DATA when a CSV row of the sample has not as many fields as the header. */
export async function sampleCsvFile(
  file: DataFile,
  format: CsvFormat,
  reader: FileReader,
): Promise<TextSample> {
  const head = await readHead(file, reader);
  const { names, rows } = sampleCsv(head, format);
  const bad = rows.findIndex((row) => row.length !== names.length);
  if (bad !== -1) {
    const row = bad + (format.header ? 2 : 1);
    const why = `record ${row} has ${rows[bad]?.length ?? 0} fields, the first has ${names.length}`;
    throw corruptFile(file.path, why, reader.sourceId);
  }
  const columns = uniqueNames(names).map((name, index) => ({
    name,
    type: rows.reduce<SampledType | undefined>((type, row) => {
      const value = row[index] ?? null;
      return value === null ? type : commonSampledType(type, textType(value));
    }, undefined),
  }));
  return { columns, estimatedRows: estimateRows(file, head) };
}

const sampleLines = 1000;

/** @throws TributaryError SOURCE.CORRUPT_DATA when a line of the sample is not a JSON object. */
export async function sampleNdjsonFile(file: DataFile, reader: FileReader): Promise<TextSample> {
  const head = await readHead(file, reader);
  const lines = head.text.split('\n').slice(0, head.complete ? undefined : -1);
  const types = new Map<string, SampledType | undefined>();
  for (const [index, line] of lines.slice(0, sampleLines).entries()) {
    if (line.trim() === '') continue;
    for (const [key, value] of Object.entries(parseObject(line, index, file, reader.sourceId))) {
      types.set(key, commonSampledType(types.get(key), jsonType(value)));
    }
  }
  const names = [...types.keys()];
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(foldCase(name))) {
      throw corruptFile(
        file.path,
        `it has several keys that differ only by case from "${name}"`,
        reader.sourceId,
      );
    }
    seen.add(foldCase(name));
  }
  const columns = names.map((name) => ({ name, type: types.get(name) }));
  return { columns, estimatedRows: estimateRows(file, head) };
}

function parseObject(line: string, index: number, file: DataFile, sourceId: string): object {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw corruptFile(file.path, `line ${index + 1} is not JSON`, sourceId, error);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw corruptFile(file.path, `line ${index + 1} is not a JSON object`, sourceId);
}

function estimateRows(file: DataFile, head: TextHead): number {
  const lines = head.text.split('\n').length - 1;
  if (head.complete) return Math.max(lines, head.text === '' ? 0 : 1);
  const bytesPerLine = Buffer.byteLength(head.text) / Math.max(lines, 1);
  return Math.round((file.size * head.expansion) / bytesPerLine);
}
