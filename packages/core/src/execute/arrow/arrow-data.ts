import { type DataType as ArrowType, Data } from 'apache-arrow';

interface DataParts {
  readonly length: number;
  readonly nullCount: number;
  readonly bitmap?: Uint8Array | undefined;
  readonly offsets?: Int32Array;
  readonly values?: ArrayBufferView;
  readonly children?: readonly Data[];
}

/** Arrow data of buffers that are already in Arrow's layout. */
export function arrowData(type: ArrowType, parts: DataParts): Data {
  // By Arrow's BufferType: 0 offsets, 1 values, 2 validity.
  const buffers: Record<number, ArrayBufferView> = {};
  if (parts.offsets !== undefined) buffers[0] = parts.offsets;
  if (parts.values !== undefined) buffers[1] = parts.values;
  if (parts.bitmap !== undefined) buffers[2] = parts.bitmap;
  return new Data(type, 0, parts.length, parts.nullCount, buffers, [...(parts.children ?? [])]);
}
