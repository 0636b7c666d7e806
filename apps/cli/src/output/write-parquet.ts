import type { SchemaElement } from 'hyparquet';
import { ParquetWriter } from 'hyparquet-writer';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { parquetElements } from './parquet-schema.js';
import { parquetValue, valueOrNull } from './parquet-values.js';
import type { ResultStream } from './result-stream.js';
import { uniqueNames } from './unique-names.js';

/** DuckDB's own row group size, which it also reads in parallel. */
const rowGroupRows = 122_880;

/** A Parquet file (snappy, with statistics), a row group at a time. */
export async function* writeParquet(result: ResultStream): AsyncGenerator<Uint8Array> {
  const names = uniqueNames(result.columns.map((column) => column.name));
  const columns = result.columns.map(({ type }, index) => ({
    name: names[index] ?? '',
    value: parquetValue(type),
    elements: parquetElements(names[index] ?? '', type),
  }));
  const bytes = new DrainableWriter();
  const root: SchemaElement = { name: 'schema', num_children: columns.length };
  const schema = [root, ...columns.flatMap(({ elements }) => elements)];
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: 'tributary' });
  let pending: unknown[][] = columns.map(() => []);
  const writeRowGroup = async (): Promise<Uint8Array> => {
    const columnData = columns.map(({ name }, index) => ({ name, data: pending[index] ?? [] }));
    pending = columns.map(() => []);
    await writer.write({ columnData, rowGroupSize: rowGroupRows });
    return bytes.drain();
  };
  for await (const batch of result) {
    for (let row = 0; row < batch.numRows; row += 1) {
      for (const [index, data] of batch.data.children.entries()) {
        const column = columns[index];
        if (column !== undefined) pending[index]?.push(valueOrNull(column.value, data, row));
      }
      if (pending[0]?.length === rowGroupRows) yield await writeRowGroup();
    }
  }
  if ((pending[0]?.length ?? 0) > 0) yield await writeRowGroup();
  await writer.finish();
  yield bytes.drain();
}

/** Hands over what was written so far; `offset` goes on counting, for the footer. */
class DrainableWriter extends ByteWriter {
  drain(): Uint8Array {
    const bytes = this.getBytes().slice();
    this.index = 0;
    return bytes;
  }
}
