import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { shopFinish, shopSchema, shopTables } from './shop-data.js';

/** Makes the shop's tables in an empty database and fills them by COPY. */
export async function fillShop(url: string, signal: AbortSignal): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query(shopSchema);
    for (const { name, rows } of shopTables) {
      await pipeline(Readable.from(inPieces(rows())), client.query(copyFrom(`copy ${name} from stdin`)), {
        signal,
      });
    }
    await client.query(shopFinish);
  } finally {
    await client.end();
  }
}

/** A stream of single rows would spend its time on the stream. */
function* inPieces(rows: Iterable<string>): Generator<string> {
  let piece = '';
  for (const row of rows) {
    piece += row;
    if (piece.length < 64 * 1024) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
