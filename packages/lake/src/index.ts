export { fetched } from './remote/fetched.js';
export type { PackCacheOptions } from './cache/pack-cache.js';
export type { DataFile } from './files/data-file.js';
export type { FileBytes, FileReader, KeptParts, PartName } from './files/file-reader.js';
export type { FileStat } from './files/file-tree.js';
export { partitionType } from './files/hive.js';
export { readFooter, type ParquetFooter } from './parquet/footer.js';
export type { FileAccess } from './source/file-access.js';
export { createFileSource, type FileSourceOptions } from './source/file-source.js';
export { type StoreCost, storeCost } from './source/store-cost.js';
export { inPlace, localCost } from './source/in-place.js';
export { createLocalFolderSource, type LocalFolderOptions } from './source/local-folder.js';
export {
  createObjectSource,
  objectAccess,
  type ObjectAccess,
  type ObjectSourceOptions,
} from './source/object-source.js';
export {
  fieldsBelow,
  storeOptionFields,
  storeOptionShape,
  type StoreOptions,
} from './source/store-options.js';
export { tableOptions, type FileFormat, type TableOptions } from './source/table-options.js';
export { localStore } from './store/local-store.js';
export {
  type ByteRange,
  type ListPage,
  type ObjectInfo,
  type ObjectStore,
  type PinnedCall,
  type RangeCall,
  type StoreCall,
  keyOfUri,
  listObjects,
  percentDecoded,
} from './store/object-store.js';
export type { OpenStore, StoreKind } from './store/store-kind.js';
export { type RangeAnswer, RangeReader, type RangeRequest, streamOf } from './http/range-reader.js';
export type { StorePace } from './store/pace.js';
export {
  type AnsweredPart,
  type AskedPart,
  misplaced,
  otherLength,
  rangeHeader,
  readBody,
  roomFor,
} from './store/read-body.js';
export { type SteadyOptions, type SteadyStore, type Traffic, steadyStore } from './store/steady-store.js';
export { type StoreFailure, failureOfStatus } from './store/store-error.js';
export { StoreErrors, type StoreErrorsOptions } from './store/store-errors.js';
export type {
  DeletedRows,
  FileDescription,
  FileStatistics,
  LakeColumn,
  LakeTable,
  TableFile,
} from './table/lake-table.js';
export { columnsVersion } from './table/load-table.js';
export { dottedName, pathOf, type TableName } from './table/table-name.js';
export type { TableProvider } from './table/table-provider.js';
