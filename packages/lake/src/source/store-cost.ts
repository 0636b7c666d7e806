import { isIP } from 'node:net';
import type { StorePace } from '../store/pace.js';
import type { StoreOptions } from './store-options.js';

/** What a store costs: see `FederatedDataSourceInfo`. */
export interface StoreCost {
  readonly latencyMs: number;
  readonly bandwidthMbps: number;
  readonly costMultiplier: number;
}

/** A store at the other end of a continent. */
const far: StoreCost = { latencyMs: 50, bandwidthMbps: 800, costMultiplier: 5 };
/** A store in the same house. */
const near: StoreCost = { latencyMs: 1, bandwidthMbps: 8000, costMultiplier: 1 };

/**
 * What the user says that the store costs. Where he says nothing, it is what has been measured; before that, a store is far away, unless
 * its endpoint is an address of this machine or of a private network (RFC 1918, RFC 4193).
 *
 * @param endpoint URL, where the store is not its cloud's own
 * @param pace what has been measured; asked each time that a figure is read
 */
export function storeCost({ cost = {} }: StoreOptions, endpoint?: string, pace?: () => StorePace): StoreCost {
  const usual = endpoint !== undefined && isPrivate(endpoint) ? near : far;
  return {
    get latencyMs() {
      return cost.latencyMs ?? pace?.().latencyMs ?? usual.latencyMs;
    },
    get bandwidthMbps() {
      return cost.bandwidthMbps ?? pace?.().bandwidthMbps ?? usual.bandwidthMbps;
    },
    get costMultiplier() {
      const latencyMs = pace?.().latencyMs;
      return cost.costMultiplier ?? (latencyMs === undefined ? usual.costMultiplier : priceAt(latencyMs));
    },
  };
}

/** Between a near store's price and a far one's, as the latency is between theirs. */
function priceAt(latencyMs: number): number {
  const way = (latencyMs - near.latencyMs) / (far.latencyMs - near.latencyMs);
  const least = near.costMultiplier;
  return least + Math.min(Math.max(way, 0), 1) * (far.costMultiplier - least);
}

function isPrivate(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const host = new URL(endpoint).hostname.replaceAll(/[[\]]/g, '');
  switch (isIP(host)) {
    case 4:
      return /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host);
    case 6:
      return host === '::1' || /^f[cd]/i.test(host);
    default:
      // A name without dots is one of the local network: `minio`, `localhost`.
      return !host.includes('.') || /\.(local|internal|localhost)$/.test(host);
  }
}
