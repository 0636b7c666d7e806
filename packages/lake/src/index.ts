export { localStore } from './store/local-store.js';
export {
  type ByteRange,
  type ListPage,
  type ObjectInfo,
  type ObjectStore,
  type PinnedCall,
  type StoreCall,
  listObjects,
} from './store/object-store.js';
export { type SteadyOptions, type SteadyStore, type Traffic, steadyStore } from './store/steady-store.js';
export {
  type StoreErrorOrigin,
  type StoreFailure,
  failureOfStatus,
  storeError,
} from './store/store-error.js';
export { createLocalFolderSource, type LocalFolderOptions } from './source/local-folder.js';
export { tableOptions, type TableOptions } from './source/table-options.js';
export { createFileSource, type FileSourceOptions, type StoreCost } from './source/file-source.js';
export type { FileAccess } from './source/file-access.js';
