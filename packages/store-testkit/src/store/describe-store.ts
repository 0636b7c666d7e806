import { faultChecks } from './fault-checks.js';
import { listingChecks } from './listing-checks.js';
import { readingChecks } from './reading-checks.js';
import { stoppingChecks } from './stopping-checks.js';
import { type StoreSubject, type StoreTest, etagOf } from './store-subject.js';

/** What the contract of `ObjectStore` says, tried on a server: one test for each claim. */
export function describeStore(subject: StoreSubject): void {
  const test: StoreTest = (name, run) => {
    subject.test(name, async () => {
      const { server, proxy } = subject;
      const store = subject.open(server.bucket);
      proxy.forget();
      try {
        await run({
          ...subject,
          store,
          put: async (key, body) => {
            await server.putObject(key, body);
            const etag = await etagOf(store, key);
            proxy.forget();
            return etag;
          },
        });
      } finally {
        proxy.forget();
        await store.close();
      }
    });
  };
  listingChecks(test);
  readingChecks(test);
  stoppingChecks(test);
  faultChecks(test);
}
