import { TributaryError } from '@tributary/connector-sdk';

export type ProductName = 'mysql' | 'mariadb';

/** What a server is. */
export interface Product {
  readonly name: ProductName;
  /** `8.0.31`. */
  readonly version: string;
}

/** The oldest releases with everything that the dialect writes (EXCEPT, INTERSECT, window functions, NO PAD binary collations). */
const oldest: Readonly<Record<ProductName, readonly [number, number, number]>> = {
  mysql: [8, 0, 31],
  mariadb: [10, 6, 0],
};

const titles: Readonly<Record<ProductName, string>> = { mysql: 'MySQL', mariadb: 'MariaDB' };

/** Reads `VERSION()`: `8.0.31`, `8.4.3-commercial`, `10.11.6-MariaDB-1:10.11.6+maria~deb12`. */
export function productOf(versionText: string): Product {
  const version = /^(?:5\.5\.5-)?(\d+\.\d+\.\d+)/.exec(versionText)?.[1] ?? versionText;
  return { name: /mariadb/i.test(versionText) ? 'mariadb' : 'mysql', version };
}

/** `MySQL 8.0.31`. */
export function productTitle({ name, version }: Product): string {
  return `${titles[name]} ${version}`;
}

/** @throws TributaryError SOURCE.QUERY_FAILED for a server that the dialect is not made for */
export function requireSupported(product: Product, sourceId: string): void {
  const parts = product.version.split('.').map(Number);
  const least = oldest[product.name];
  const at = least.findIndex((part, i) => (parts[i] ?? 0) !== part);
  if (at < 0 || (parts[at] ?? 0) > (least[at] ?? 0)) return;
  throw new TributaryError('SOURCE.QUERY_FAILED', {
    message: `Source ${sourceId}: ${productTitle(product)} is older than ${least.join('.')}.`,
    sourceId,
    fix: `Upgrade the server to ${titles[product.name]} ${least.join('.')} or newer.`,
  });
}
