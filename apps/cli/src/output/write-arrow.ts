import { AsyncByteQueue, RecordBatchStreamWriter, Schema } from 'apache-arrow';
import type { ResultStream } from './result-stream.js';

/** Arrow's IPC stream format, the schema first even when no row follows. */
export async function* writeArrow(result: ResultStream): AsyncGenerator<Uint8Array> {
  const sink = new ChunkSink();
  const writer = new RecordBatchStreamWriter();
  writer.reset(sink, new Schema(result.schema.fields, result.schema.metadata));
  for await (const batch of result) {
    writer.write(batch);
    yield* sink.drain();
  }
  writer.finish();
  yield* sink.drain();
}

/** Arrow's own queue takes without end while nobody reads; this one is emptied after every batch. */
class ChunkSink extends AsyncByteQueue {
  #chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  drain(): readonly Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }
}
