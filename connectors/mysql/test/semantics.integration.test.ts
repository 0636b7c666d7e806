import { describe } from 'vitest';
import { describeSemantics } from './support/semantics.js';
import { products } from './support/server.js';

describe.each(products)('%s', describeSemantics);
