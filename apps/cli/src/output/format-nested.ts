import type { Data } from 'apache-arrow';
import type { CellText, ColumnFormat } from './cell-format.js';

type JsonFormat = Pick<ColumnFormat, 'json'>;

export function listJson(element: JsonFormat): CellText {
  return (data, row) => {
    const offsets: Int32Array = data.valueOffsets;
    return arrayText(element, data.children[0], offsets[row] ?? 0, offsets[row + 1] ?? 0);
  };
}

export function arrayJson(element: JsonFormat, size: number): CellText {
  return (data, row) => arrayText(element, data.children[0], row * size, (row + 1) * size);
}

export function structJson(fields: readonly (JsonFormat & { readonly name: string })[]): CellText {
  return (data, row) => {
    const members = fields.map((field, index) => {
      const child = data.children[index];
      return `${JSON.stringify(field.name)}: ${child === undefined ? 'null' : jsonCell(field, child, row)}`;
    });
    return `{${members.join(', ')}}`;
  };
}

/** A map's keys may be of any type, so it is a list of pairs: `[{"key": 1, "value": "a"}]`. */
export function mapJson(key: JsonFormat, value: JsonFormat): CellText {
  const entry = structJson([
    { name: 'key', ...key },
    { name: 'value', ...value },
  ]);
  return listJson({ json: entry });
}

/** A value as JSON, NULL included. */
export function jsonCell(format: JsonFormat, data: Data, row: number): string {
  return data.getValid(row) ? format.json(data, row) : 'null';
}

function arrayText(element: JsonFormat, child: Data | undefined, start: number, end: number): string {
  const items: string[] = [];
  if (child !== undefined) {
    for (let index = start; index < end; index += 1) items.push(jsonCell(element, child, index));
  }
  return `[${items.join(', ')}]`;
}
