import type { Permits } from '@tributary/connector-sdk';
import type { PackCache } from '../cache/pack-cache.js';
import type { StageContext } from '../source/file-access.js';
import type { ObjectStore } from '../store/object-store.js';

/** What making a copy of a file takes. */
export interface StageTools {
  readonly store: ObjectStore;
  readonly cache: PackCache | undefined;
  readonly ctx: StageContext;
  readonly places: Permits;
}
