import type { ObjectStore } from '@tributary/lake';

/** A store that says how many bytes of objects came from it. */
export function countedStore(store: ObjectStore, count: (bytes: number) => void): ObjectStore {
  return {
    id: store.id,
    locationOf: (key) => store.locationOf(key),
    listPage: (prefix, continuation, call) => store.listPage(prefix, continuation, call),
    head: (key, call) => store.head(key, call),
    read: async (key, range, call) => {
      const bytes = await store.read(key, range, call);
      count(bytes.length);
      return bytes;
    },
    stream: async function* (key, call) {
      for await (const chunk of store.stream(key, call)) {
        count(chunk.length);
        yield chunk;
      }
    },
    close: () => store.close(),
  };
}
