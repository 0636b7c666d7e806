import type { ProductName } from '../product.js';

/**
 * Text by the bytes of its UTF-8, and without padding: 'a' is not 'a '. Every text of a statement stands under this collation: constants
 * and computed text by the session's, columns by their read form.
 */
export const byteCollations: Readonly<Record<ProductName, string>> = {
  mysql: 'utf8mb4_0900_bin',
  mariadb: 'utf8mb4_nopad_bin',
};
