import type { Metadata, Protocol } from './actions.js';
import { type LogPlace, unsupportedTable } from './log-error.js';

/** Reader features that this reader honours (Delta protocol, "Valid Feature Names in Table Features"). */
const knownFeatures: ReadonlySet<string> = new Set([
  'columnMapping',
  'deletionVectors',
  'timestampNtz',
  'typeWidening',
  'typeWidening-preview',
  'v2Checkpoint',
  'vacuumProtocolCheck',
]);

const newestReaderVersion = 3;

/** @throws TributaryError SOURCE.UNSUPPORTED_FORMAT that names what this reader does not know. */
export function checkReadable(
  { minReaderVersion, readerFeatures }: Protocol,
  metadata: Metadata,
  place: LogPlace,
): void {
  if (minReaderVersion > newestReaderVersion) {
    throw unsupportedTable(place, `reader version ${minReaderVersion}`);
  }
  const unknown = readerFeatures.filter((feature) => !knownFeatures.has(feature));
  if (unknown.length > 0) {
    const names = unknown.map((feature) => `"${feature}"`).join(', ');
    const fix = `Drop the feature on the table's side (ALTER TABLE … DROP FEATURE …), or upgrade the connector.`;
    throw unsupportedTable(place, `reader feature ${names}`, fix);
  }
  if (metadata.provider !== 'parquet') throw unsupportedTable(place, `data files in "${metadata.provider}"`);
}
