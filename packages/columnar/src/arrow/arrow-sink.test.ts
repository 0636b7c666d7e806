import { setImmediate as turn } from 'node:timers/promises';
import { arrowRows } from '@tributary/testbed';
import { describe, expect, it } from 'vitest';
import type { ArrowColumnData, Batch } from '../sink.js';
import { ArrowSink } from './arrow-sink.js';

const columns = [{ name: 'n', type: { id: 'integer' } }] as const;

function batch(value: number): Batch<ArrowColumnData> {
  const values = new Uint8Array(Int32Array.of(value).buffer);
  const empty = new Uint8Array();
  return { rows: 1, columns: [{ length: 1, nullCount: 0, validity: empty, values, offsets: empty }] };
}

describe('ArrowSink', () => {
  it('gives the reader each batch once, then the end', async () => {
    const sink = new ArrowSink(columns);
    const rows = Array.fromAsync(sink).then(arrowRows);
    await sink.write(batch(1));
    await sink.write(batch(2));
    sink.end();
    expect(await rows).toEqual([['1'], ['2']]);
  });

  it('keeps its own copy of a batch', async () => {
    const sink = new ArrowSink(columns);
    const data = batch(7);
    sink.write(data);
    data.columns[0]?.values.fill(0);
    sink.end();
    expect(arrowRows(await Array.fromAsync(sink))).toEqual([['7']]);
  });

  it('makes the producer wait for the reader', async () => {
    const sink = new ArrowSink(columns, { maxQueued: 2 });
    expect(sink.write(batch(1))).toBeUndefined();
    let isReleased = false;
    const wait = sink.write(batch(2))?.then(() => (isReleased = true));
    await turn();
    expect(isReleased).toBe(false);
    await sink.next();
    await wait;
    expect(isReleased).toBe(true);
  });

  it("ends the reader's iteration with the producer's error", async () => {
    const sink = new ArrowSink(columns);
    const reading = Array.fromAsync(sink);
    sink.fail(new Error('broken'));
    await expect(reading).rejects.toThrow('broken');
  });

  it('stops the producer when the reader leaves early', async () => {
    const sink = new ArrowSink(columns, { maxQueued: 1 });
    const wait = sink.write(batch(1));
    for await (const _ of sink) break;
    await expect(wait).resolves.toBeUndefined();
    expect(sink.stopped.aborted).toBe(true);
    await expect(sink.write(batch(2))).rejects.toMatchObject({ code: 'QUERY.CANCELLED' });
  });

  it('leaves the producer alone when the reader saw the end', async () => {
    const sink = new ArrowSink(columns);
    sink.end();
    for await (const _ of sink) throw new Error('no batch was written');
    await sink.return();
    expect(sink.stopped.aborted).toBe(false);
  });
});
