import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type ByteRange, type PinnedCall, steadyStore } from '@tributary/lake';
import { MemoryStore } from '../../test/support/memory-store.js';
import { readJsonActions } from './commit.js';

const { signal } = new AbortController();
const pieceBytes = 1024 * 1024;

/** A megabyte in 40 ms. */
class SlowStore extends MemoryStore {
  override async read(key: string, { start, end }: ByteRange, call: PinnedCall): Promise<Uint8Array> {
    await sleep(((end - start) / pieceBytes) * 40, undefined, { signal: call.signal });
    return super.read(key, { start, end }, call);
  }

  override async *stream(key: string, call: PinnedCall): AsyncIterable<Uint8Array> {
    const bytes = await super.read(key, { start: 0, end: Number.POSITIVE_INFINITY }, call);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      await sleep(40, undefined, { signal: call.signal });
      yield bytes.subarray(at, at + pieceBytes);
    }
  }
}

test('a commit may take longer than a request may', async () => {
  const slow = new SlowStore();
  slow.commit(
    0,
    Array.from({ length: 20 }, (_, n) => ({ commitInfo: { operation: `${n}`.padEnd(pieceBytes / 2) } })),
  );
  const [object] = slow.objects.values();
  if (object === undefined) throw new TypeError('no commit');
  const store = steadyStore(slow, { sourceId: 'lake', requestTimeoutMs: 250, attempts: 1 });
  const place = { sourceId: 'lake', store, prefix: 't/', rootPrefix: '' };
  expect(await readJsonActions(object, place, { signal })).toHaveLength(20);
  const longer = { ...object, size: object.size + 1 };
  await expect(readJsonActions(longer, place, { signal })).rejects.toMatchObject({
    code: 'SOURCE.CORRUPT_DATA',
    message: expect.stringContaining(`it has ${object.size} bytes where its listing said ${longer.size}`),
  });
});
