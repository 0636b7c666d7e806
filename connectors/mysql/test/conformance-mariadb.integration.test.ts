import { startMariadb } from '@tributary/testbed';
import { conformanceOf } from './support/conformance.js';

await conformanceOf(await startMariadb(), 'mariadb', new URL('../conformance-mariadb.json', import.meta.url));
