import type { StoreKind } from '@tributary/lake';

/** Where the stores of one cloud come from. */
export interface StorePackage {
  /** Package with the cloud's SDK: nobody needs it whose tables lie elsewhere. */
  readonly name: string;
  /** Schemes of its URLs, without the colon. */
  readonly schemes: readonly string[];
  /** How its URLs look, for people. */
  readonly form: string;
  /** Loads the package. */
  readonly load: () => Promise<StoreKind<unknown>>;
}

/** By the key under which a configuration has the store's own options. */
export const storePackages = {
  s3: {
    name: '@tributary/store-s3',
    schemes: ['s3'],
    form: 's3://bucket/prefix',
    load: async () => (await import('@tributary/store-s3')).s3Stores,
  },
  gcs: {
    name: '@tributary/store-gcs',
    schemes: ['gs'],
    form: 'gs://bucket/prefix',
    load: async () => (await import('@tributary/store-gcs')).gcsStores,
  },
  azure: {
    name: '@tributary/store-azure',
    schemes: ['azure', 'az', 'abfs', 'abfss', 'https'],
    form: 'azure://container/prefix',
    load: async () => (await import('@tributary/store-azure')).azureStores,
  },
} as const satisfies Readonly<Record<string, StorePackage>>;

export type StoreKey = keyof typeof storePackages;

/** The key of the stores that a root's scheme names; undefined where it names none. */
export function storeKeyOf(root: string): StoreKey | undefined {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(root)?.[1]?.toLowerCase();
  return storeKeys.find((key) => storePackages[key].schemes.some((known) => known === scheme));
}

export const storeKeys = Object.keys(storePackages).filter((key): key is StoreKey => key in storePackages);

/** What keeps a package from being loaded, and what to do about it. */
export function loadingFailure({ name }: Pick<StorePackage, 'name'>, error: unknown): string {
  const isMissing =
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes(`'${name}'`);
  if (isMissing) return `needs the package ${name}: install it with \`npm install ${name}\``;
  return `needs the package ${name}, which cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
}
