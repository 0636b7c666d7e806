import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentChecks } from './content-checks.js';
import { tableFaultChecks } from './table-fault-checks.js';
import { type StoreTablesSubject, type TablesTest, farEngine } from './tables-subject.js';

/** Tables in a store as an engine sees them: that they are right, fetched once, and right or one clear error when it fails. */
export function describeStoreTables(subject: StoreTablesSubject): void {
  const test: TablesTest = (name, run) => {
    subject.test(name, async () => {
      const { server, proxy } = subject;
      const directory = await mkdtemp(join(tmpdir(), 'lake-cache-'));
      proxy.forget();
      try {
        await run({
          ...subject,
          engineOver: (folder, options) =>
            farEngine(subject, { bucket: server.bucket, folder, cache: { directory }, ...options }),
        });
      } finally {
        proxy.forget();
        await rm(directory, { recursive: true, force: true });
      }
    });
  };
  contentChecks(test, subject);
  tableFaultChecks(test, subject);
}
