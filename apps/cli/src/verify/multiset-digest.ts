const bucketCount = 65_536;

/**
 * The difference of two multisets of texts in constant memory: for each of 65,536 buckets the sum of 64-bit hashes, added
 * for one side and subtracted for the other. Where all sums are zero the two are equal, but for a chance of 2^-64.
 */
export class MultisetDigest {
  readonly #low = new Uint32Array(bucketCount);
  readonly #high = new Uint32Array(bucketCount);
  readonly #counts = new Float64Array(bucketCount);

  add(key: string, sign: 1 | -1): void {
    const { bucket, low, high } = hashOf(key);
    this.#low[bucket] = (this.#low[bucket] ?? 0) + sign * low;
    this.#high[bucket] = (this.#high[bucket] ?? 0) + sign * high;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + sign;
  }

  /** Buckets in which the two differ. */
  differing(): number[] {
    const buckets: number[] = [];
    for (let bucket = 0; bucket < bucketCount; bucket += 1) {
      const isEqual = this.#low[bucket] === 0 && this.#high[bucket] === 0 && this.#counts[bucket] === 0;
      if (!isEqual) buckets.push(bucket);
    }
    return buckets;
  }
}

export function bucketOf(key: string): number {
  return hashOf(key).bucket;
}

interface Hash {
  readonly bucket: number;
  readonly low: number;
  readonly high: number;
}

/** cyrb53's two lanes (public domain, https://github.com/bryc/code), each kept whole; the bucket is a third mix. */
function hashOf(text: string): Hash {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    h1 = Math.imul(h1 ^ code, 2654435761);
    h2 = Math.imul(h2 ^ code, 1597334677);
  }
  const low = mix(h1, h2);
  const high = mix(h2, low);
  return { bucket: (low ^ (high >>> 16)) & (bucketCount - 1), low, high };
}

function mix(a: number, b: number): number {
  const first = Math.imul(a ^ (a >>> 16), 2246822507);
  return (first ^ Math.imul(b ^ (b >>> 13), 3266489909)) >>> 0;
}
