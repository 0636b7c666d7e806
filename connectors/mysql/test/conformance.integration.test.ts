import { startMysql } from '@tributary/testbed';
import { conformanceOf } from './support/conformance.js';

await conformanceOf(await startMysql(), 'mysql', new URL('../conformance.json', import.meta.url));
