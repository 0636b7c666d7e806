// A process of its own, so that its peak memory is the engine's alone. Reports one line of JSON.
import { createLakeSource } from '@tributary/connector-duckdb-s3';
import { createPostgresSource } from '@tributary/connector-postgres';
import { createEngine } from '@tributary/core';
import type { MemoryReport, MemoryTask } from './task.js';

const task: MemoryTask = JSON.parse(process.argv[2] ?? '');
const baseKilobytes = process.resourceUsage().maxRSS;
await using engine = await createEngine({
  sources: sourcesOf(task.sources),
  memoryLimit: task.memoryLimit,
  spillDirectory: task.spillDirectory,
  timeoutMs: 600_000,
});
const started = performance.now();
const result = await engine.query(task.sql);
let rows = 0;
for await (const batch of result) rows += batch.numRows;
const report: MemoryReport = {
  rows,
  ms: performance.now() - started,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  baseBytes: baseKilobytes * 1024,
  rowsFetched: result.explain().run?.rowsFetched ?? 0,
};
console.log(JSON.stringify(report));

function sourcesOf(place: MemoryTask['sources']): readonly ReturnType<typeof createLakeSource>[] {
  switch (place.kind) {
    case 'tables':
      return [
        createPostgresSource('shop', { url: place.url, schemas: ['public'] }),
        createLakeSource('lake', { root: place.parquet }),
      ];
    case 'store': {
      const { endpoint, bucket, accessKeyId, secretAccessKey, cache } = place;
      const s3 = { endpoint, accessKeyId, secretAccessKey };
      return [createLakeSource('lake', { root: `s3://${bucket}`, s3, cache: { directory: cache } })];
    }
  }
}
