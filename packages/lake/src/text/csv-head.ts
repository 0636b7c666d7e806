import type { CsvOptions } from '../source/table-options.js';
import type { TextHead } from './head.js';

/** How a CSV file is read, every choice made: DuckDB gets it spelled out and never sniffs. */
export interface CsvFormat {
  readonly delimiter: string;
  readonly header: boolean;
  readonly quote: string;
  readonly escape: string;
  readonly nullString: string;
}

export interface CsvSample {
  readonly names: readonly string[];
  /** Values by row and column; null where the text means NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}

export function csvFormat(path: string, options: CsvOptions): CsvFormat {
  const quote = options.quote ?? '"';
  return {
    delimiter: options.delimiter ?? (/\.tsv(\.gz|\.zst)?$/i.test(path) ? '\t' : ','),
    header: options.header ?? true,
    quote,
    escape: options.escape ?? quote,
    nullString: options.nullString ?? '',
  };
}

const sampleRows = 1000;

/** Names and first rows. Fields are named `column0`, `column1`, ... where the file has no header. */
export function sampleCsv(head: TextHead, format: CsvFormat): CsvSample {
  const records = parseRecords(head, format, sampleRows + 1);
  const [first = []] = records;
  const rows = format.header ? records.slice(1) : records;
  return {
    names: format.header ? first.map((field) => field.text) : first.map((_, index) => `column${index}`),
    rows: rows.map((record) =>
      record.map((field) => (!field.quoted && field.text === format.nullString ? null : field.text)),
    ),
  };
}

interface Field {
  readonly text: string;
  readonly quoted: boolean;
}

/** Whole records only: one that the head cuts is left out. */
function parseRecords(head: TextHead, format: CsvFormat, most: number): readonly (readonly Field[])[] {
  const text = head.text.startsWith('\uFEFF') ? head.text.slice(1) : head.text;
  const records: Field[][] = [];
  let record: Field[] = [];
  let at = 0;
  while (at < text.length && records.length < most) {
    const field = text[at] === format.quote ? quotedField(text, at, format) : plainField(text, at, format);
    record.push(field);
    at = field.end;
    if (text[at] === format.delimiter) {
      at += 1;
      // A delimiter at the very end opens one more, empty field.
      if (at < text.length) continue;
      record.push({ text: '', quoted: false });
    }
    const ended = at < text.length;
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
    at += 1;
    if (ended || head.complete) records.push(record);
    record = [];
  }
  return records.filter((fields) => fields.length > 1 || fields[0]?.text !== '' || fields[0].quoted);
}

function plainField(text: string, start: number, format: CsvFormat): Field & { readonly end: number } {
  let end = start;
  while (end < text.length && text[end] !== format.delimiter && text[end] !== '\n' && text[end] !== '\r')
    end++;
  return { text: text.slice(start, end), quoted: false, end };
}

function quotedField(text: string, start: number, format: CsvFormat): Field & { readonly end: number } {
  let value = '';
  let at = start + 1;
  for (; at < text.length; at++) {
    const char = text[at] ?? '';
    const next = text[at + 1];
    if (
      char === format.escape &&
      (next === format.quote || (next === format.escape && format.escape !== format.quote))
    ) {
      value += next;
      at += 1;
    } else if (char === format.quote) break;
    else value += char;
  }
  return { text: value, quoted: true, end: Math.min(at + 1, text.length) };
}
