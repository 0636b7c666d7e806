import { percentDecoded } from '@tributary/lake';
import { type Fields, fieldsOf, numberOf, textMapOf, textOf, textsOf } from './json.js';

/** What a reader of the table must know. */
export interface Protocol {
  readonly minReaderVersion: number;
  /** Since reader version 3. */
  readonly readerFeatures: readonly string[];
}

export interface Metadata {
  readonly id: string;
  /** Of the data files: `parquet`. */
  readonly provider: string;
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  /** Table properties. */
  readonly configuration: ReadonlyMap<string, string | null>;
}

/** Where the positions of a file's deleted rows stand. */
export interface DeletionVector {
  /** `u`: a file named by a UUID, `p`: a file by its absolute path, `i`: in the log. */
  readonly storageType: string;
  readonly pathOrInlineDv: string;
  readonly offset: number | undefined;
  readonly sizeInBytes: number;
  readonly cardinality: number;
}

/** A file that is part of the table. */
export interface AddFile {
  /** As in the log: percent-encoded, relative to the table or absolute. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modificationTime: number;
  /** By physical name. */
  readonly partitionValues: ReadonlyMap<string, string | null>;
  /** Statistics as JSON text, or as a checkpoint's struct. */
  readonly stats: string | Fields | undefined;
  readonly deletionVector: DeletionVector | undefined;
}

export interface CommitInfo {
  readonly timestamp: number | undefined;
  readonly inCommitTimestamp: number | undefined;
  readonly operation: string | undefined;
  readonly operationParameters: Fields | undefined;
  readonly operationMetrics: Fields | undefined;
  readonly userName: string | undefined;
  readonly engineInfo: string | undefined;
}

/** The actions that matter to a reader; `txn`, `domainMetadata` and `cdc` do not. */
export type Action =
  | { readonly kind: 'protocol'; readonly protocol: Protocol }
  | { readonly kind: 'metadata'; readonly metadata: Metadata }
  | { readonly kind: 'add'; readonly add: AddFile }
  | { readonly kind: 'remove'; readonly file: string }
  | { readonly kind: 'commitInfo'; readonly info: CommitInfo }
  | { readonly kind: 'sidecar'; readonly path: string };

/** An action lacks what it cannot be without. */
export class BadAction extends Error {
  override readonly name = 'BadAction';
}

/**
 * The action in one line of a commit, or in one row of a checkpoint; undefined for those that do not matter.
 *
 * @throws BadAction
 */
export function actionOf(row: Fields): Action | undefined {
  const add = fieldsOf(row['add']);
  if (add !== undefined) return { kind: 'add', add: addFileOf(add) };
  const remove = fieldsOf(row['remove']);
  if (remove !== undefined) return { kind: 'remove', file: fileIdentity(remove) };
  const metaData = fieldsOf(row['metaData']);
  if (metaData !== undefined) return { kind: 'metadata', metadata: metadataOf(metaData) };
  const protocol = fieldsOf(row['protocol']);
  if (protocol !== undefined) return { kind: 'protocol', protocol: protocolOf(protocol) };
  const info = fieldsOf(row['commitInfo']);
  if (info !== undefined) return { kind: 'commitInfo', info: commitInfoOf(info) };
  const sidecar = fieldsOf(row['sidecar']);
  if (sidecar !== undefined)
    return { kind: 'sidecar', path: needed(textOf(sidecar['path']), 'sidecar.path') };
  return undefined;
}

/** What tells a file with its deletion vector from the same file with another one. */
export function identityOf({ path, deletionVector }: AddFile): string {
  return logicalFile(path, deletionVector);
}

export function vectorIdentity({ storageType, pathOrInlineDv, offset }: DeletionVector): string {
  return `${storageType}${pathOrInlineDv}${offset === undefined ? '' : `@${offset}`}`;
}

function fileIdentity(fields: Fields): string {
  const vector = deletionVectorOf(fields['deletionVector']);
  return logicalFile(needed(textOf(fields['path']), 'remove.path'), vector);
}

/** Writers write paths in their own ways: the one that removes a file need not be the one that added it. */
function logicalFile(path: string, vector: DeletionVector | undefined): string {
  const file = percentDecoded(path.replace(/^file:\/*/i, '/'));
  return `${file}\0${vector === undefined ? '' : vectorIdentity(vector)}`;
}

function addFileOf(fields: Fields): AddFile {
  const size = needed(numberOf(fields['size']), 'add.size');
  return {
    path: needed(textOf(fields['path']), 'add.path'),
    size,
    modificationTime: numberOf(fields['modificationTime']) ?? 0,
    partitionValues: textMapOf(fields['partitionValues']),
    stats: textOf(fields['stats']) ?? fieldsOf(fields['stats_parsed']),
    deletionVector: deletionVectorOf(fields['deletionVector']),
  };
}

function deletionVectorOf(value: unknown): DeletionVector | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined) return undefined;
  return {
    storageType: needed(textOf(fields['storageType']), 'deletionVector.storageType'),
    pathOrInlineDv: needed(textOf(fields['pathOrInlineDv']), 'deletionVector.pathOrInlineDv'),
    offset: numberOf(fields['offset']),
    sizeInBytes: needed(numberOf(fields['sizeInBytes']), 'deletionVector.sizeInBytes'),
    cardinality: needed(numberOf(fields['cardinality']), 'deletionVector.cardinality'),
  };
}

function metadataOf(fields: Fields): Metadata {
  return {
    id: textOf(fields['id']) ?? '',
    provider: textOf(fieldsOf(fields['format'])?.['provider']) ?? 'parquet',
    schemaString: needed(textOf(fields['schemaString']), 'metaData.schemaString'),
    partitionColumns: textsOf(fields['partitionColumns']) ?? [],
    configuration: textMapOf(fields['configuration']),
  };
}

function protocolOf(fields: Fields): Protocol {
  const minReaderVersion = needed(numberOf(fields['minReaderVersion']), 'protocol.minReaderVersion');
  const features = textsOf(fields['readerFeatures']);
  return {
    minReaderVersion,
    readerFeatures: minReaderVersion === 3 ? needed(features, 'protocol.readerFeatures') : (features ?? []),
  };
}

function commitInfoOf(fields: Fields): CommitInfo {
  return {
    timestamp: numberOf(fields['timestamp']),
    inCommitTimestamp: numberOf(fields['inCommitTimestamp']),
    operation: textOf(fields['operation']),
    operationParameters: fieldsOf(fields['operationParameters']),
    operationMetrics: fieldsOf(fields['operationMetrics']),
    userName: textOf(fields['userName']),
    engineInfo: textOf(fields['engineInfo']),
  };
}

function needed<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new BadAction(`${name} is missing or of another type`);
  return value;
}
