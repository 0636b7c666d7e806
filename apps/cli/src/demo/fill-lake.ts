import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { Random } from './random.js';
import { customerCount, demoYear, productCount } from './shop-data.js';

export const eventCount = 300_000;
const months = 12;
const eventsPerMonth = eventCount / months;

const kinds = [
  ['view', 60],
  ['search', 18],
  ['cart', 12],
  ['click', 10],
] as const;
const campaigns = [
  ['', 70],
  ['newsletter', 12],
  ['search-ads', 10],
  ['social', 8],
] as const;
const devices = [
  ['mobile', 58],
  ['desktop', 36],
  ['tablet', 6],
] as const;

const schema: SchemaElement[] = [
  { name: 'schema', num_children: 7 },
  { name: 'event_id', type: 'INT64', repetition_type: 'REQUIRED' },
  {
    name: 'event_time',
    type: 'INT64',
    repetition_type: 'REQUIRED',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' },
  },
  { name: 'customer_id', type: 'INT32', repetition_type: 'REQUIRED' },
  { name: 'product_id', type: 'INT32', repetition_type: 'REQUIRED' },
  { name: 'kind', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED', converted_type: 'UTF8' },
  { name: 'campaign', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
  { name: 'device', type: 'BYTE_ARRAY', repetition_type: 'REQUIRED', converted_type: 'UTF8' },
];

export interface LakeSize {
  readonly files: number;
  readonly bytes: number;
}

/** Writes the web shop's events as Parquet, one folder a month: `events/year=2025/month=4/`. */
export async function fillLake(root: string, signal: AbortSignal): Promise<LakeSize> {
  let bytes = 0;
  for (let month = 1; month <= months; month += 1) {
    signal.throwIfAborted();
    const folder = join(root, 'events', `year=${demoYear}`, `month=${month}`);
    await mkdir(folder, { recursive: true });
    const file = new Uint8Array(monthOfEvents(month));
    await writeFile(join(folder, 'events.parquet'), file);
    bytes += file.length;
  }
  return { files: months, bytes };
}

function monthOfEvents(month: number): ArrayBuffer {
  const random = new Random(100 + month);
  const start = Date.UTC(demoYear, month - 1, 1);
  const length = Date.UTC(demoYear, month, 1) - start;
  const columns: Record<string, unknown[]> = {
    event_id: [],
    event_time: [],
    customer_id: [],
    product_id: [],
    kind: [],
    campaign: [],
    device: [],
  };
  for (let index = 0; index < eventsPerMonth; index += 1) {
    const campaign = random.weighted(campaigns);
    columns['event_id']?.push(BigInt((month - 1) * eventsPerMonth + index + 1));
    columns['event_time']?.push(BigInt(start + Math.floor((index / eventsPerMonth) * length)) * 1000n);
    columns['customer_id']?.push(1 + random.skewed(customerCount));
    columns['product_id']?.push(1 + random.skewed(productCount));
    columns['kind']?.push(random.weighted(kinds));
    columns['campaign']?.push(campaign === '' ? null : campaign);
    columns['device']?.push(random.weighted(devices));
  }
  const columnData = Object.entries(columns).map(([name, data]) => ({ name, data }));
  return parquetWriteBuffer({ columnData, schema, rowGroupSize: 10_000 });
}
