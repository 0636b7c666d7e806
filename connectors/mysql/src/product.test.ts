import { expect, test } from 'vitest';
import { productOf, productTitle, requireSupported } from './product.js';

test.each([
  ['8.0.31', 'MySQL 8.0.31'],
  ['8.4.3-commercial', 'MySQL 8.4.3'],
  ['10.11.6-MariaDB-1:10.11.6+maria~deb12', 'MariaDB 10.11.6'],
  ['5.5.5-10.6.18-MariaDB-log', 'MariaDB 10.6.18'],
])('%s is %s', (text, title) => {
  expect(productTitle(productOf(text))).toBe(title);
});

test.each(['8.0.30', '5.7.44', '10.5.9-MariaDB'])('%s is too old', (text) => {
  expect(() => requireSupported(productOf(text), 'shop')).toThrow(/shop: .* is older than/);
});

test.each(['8.0.31', '9.7.0', '10.6.0-MariaDB', '11.4.5-MariaDB'])('%s is new enough', (text) => {
  requireSupported(productOf(text), 'shop');
});
