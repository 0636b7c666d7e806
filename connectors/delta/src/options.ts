import { resolve } from 'node:path';
import { z } from 'zod';
import { type OpenStore, type StoreKind, storeOptionShape } from '@tributary/lake';
import {
  type StorePackage,
  loadingFailure,
  storeKeyOf,
  storeKeys,
  storePackages,
} from './stores/store-packages.js';

const tableOptions = z
  .strictObject({
    /** The table's folder, relative to the root and inside it. */
    path: z
      .string()
      .min(1)
      .refine((path) => !path.split('/').includes('..'), { error: 'leads outside of the root' }),
    /** The version to read. Default: the newest. */
    version: z.int().nonnegative().optional(),
    /** The time to read the table as of: `2026-01-31` or `2026-01-31T10:00:00Z`. */
    timestamp: z.string().min(1).optional(),
  })
  .refine(({ version, timestamp }) => version === undefined || timestamp === undefined, {
    error: 'version and timestamp exclude each other',
  });

const { freshnessMs, cache, cost, maxRequests, attempts, requestTimeoutMs } = storeOptionShape;
/** Checked by the store's own schema, which comes with its package. */
const ownOptions = z.record(z.string(), z.unknown()).optional();
const remoteShape = {
  s3: ownOptions,
  gcs: ownOptions,
  azure: ownOptions,
  freshnessMs,
  cache,
  cost,
  maxRequests,
  attempts,
  requestTimeoutMs,
};
const remoteKeys = z.keyof(z.object(remoteShape)).options;
const forms = storeKeys.map((key) => storePackages[key].form).join(', ');

export const optionShape = {
  /** Folder that holds the tables, relative to `baseDirectory`; or a place in a store, such as `s3://bucket/prefix`. */
  root: z.string().min(1),
  /** What a relative root is relative to. Default: the working directory. */
  baseDirectory: z.string().min(1).optional(),
  /** Tables by name. Without it, folders with a `_delta_log`, one or two levels below the root, are the tables. */
  tables: z.record(z.string().min(1), tableOptions).optional(),
  ...remoteShape,
};

export const deltaOptions = z
  .strictObject(optionShape)
  .refine(({ root }) => storeKeyOf(root) !== undefined || !/^[a-z][a-z0-9+.-]+:\/\//i.test(root), {
    error: `must be a folder or of one of the forms ${forms}`,
    path: ['root'],
  })
  .superRefine(({ root, ...options }, { addIssue }) => {
    const store = storeKeyOf(root);
    const others = storeKeys.filter((key) => key !== store);
    for (const key of store === undefined ? remoteKeys : others) {
      if (options[key] === undefined) continue;
      const places = storeKeys.find((known) => known === key);
      const form = places === undefined ? forms : storePackages[places].form;
      addIssue({ code: 'custom', message: `is for roots of the form ${form}`, path: [key] });
    }
  })
  .transform(async (options, context) => ({ ...options, open: await opener(options, context) }));

/** Options of the connector, as in a configuration. */
export type DeltaOptions = z.input<typeof deltaOptions>;
/** Those for tables on this machine. */
export type DeltaFolderOptions = Pick<DeltaOptions, 'root' | 'baseDirectory' | 'tables'>;
/** The same after their check, with what opens the store where the root is in one. */
export type CheckedDeltaOptions = z.output<typeof deltaOptions>;
/** Which folder a table is, and at which version or time it is read. */
export type DeltaTableOptions = z.input<typeof tableOptions>;

/** Loads the store's package and has it check its own options. */
async function opener(
  options: z.output<z.ZodObject<typeof optionShape>>,
  { addIssue }: z.core.$RefinementCtx,
): Promise<((sourceId: string) => OpenStore) | undefined> {
  const { root } = options;
  const key = storeKeyOf(root);
  if (key === undefined) return undefined;
  const store: StorePackage = storePackages[key];
  const kind = await store.load().catch((error: unknown) => {
    addIssue({ code: 'custom', message: loadingFailure(store, error), path: ['root'] });
    return undefined;
  });
  if (kind === undefined) return undefined;
  if (!kind.isUrl(root))
    addIssue({ code: 'custom', message: `not of the form ${kind.form}`, path: ['root'] });
  const own = withPaths(options[key] ?? {}, kind.fields, options.baseDirectory);
  const checked = await kind.options.safeParseAsync(own);
  for (const issue of checked.error?.issues ?? []) addIssue({ ...issue, path: [key, ...issue.path] });
  const { data } = checked;
  return (sourceId) => kind.open(root, data, sourceId);
}

/** Options with paths of files that hold wherever the process was started. */
function withPaths(
  options: Readonly<Record<string, unknown>>,
  fields: StoreKind<unknown>['fields'],
  baseDirectory = '',
): Readonly<Record<string, unknown>> {
  const resolved = Object.entries(options).map(([key, value]) => [
    key,
    fields[key]?.file === true && typeof value === 'string' ? resolve(baseDirectory, value) : value,
  ]);
  return Object.fromEntries(resolved);
}
