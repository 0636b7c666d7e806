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
