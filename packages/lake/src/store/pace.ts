/** How fast a store has been of late. */
export interface StorePace {
  /** Milliseconds of a request that carries little and has the line for itself; undefined until some were made. */
  readonly latencyMs: number | undefined;
  /** Megabits per second of all requests together; undefined until much has been read at a stretch. */
  readonly bandwidthMbps: number | undefined;
}

/** Samples that count: the middle one of them is the figure, so that a connection's making or a pause is not. */
const mostSamples = 9;
const fewestSamples = 3;
/** An answer of which hardly anything but the waiting is seen. */
const littleBytes = 64 * 1024;
/** Bytes of a stretch of requests from which a bandwidth can be told. */
const muchBytes = 1024 * 1024;

/** Measures a store by the requests that are made anyway. */
export class PaceMeter {
  readonly #latencies: number[] = [];
  readonly #bandwidths: number[] = [];
  readonly #now: () => number;
  #inFlight = 0;
  /** The stretch in which there is always a request in flight. */
  #stretch = { start: 0, bytes: 0, requests: 0 };

  /** @param now milliseconds, from any moment on */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  pace(): StorePace {
    return { latencyMs: middle(this.#latencies), bandwidthMbps: middle(this.#bandwidths) };
  }

  /** Notes a request, which is to return how many bytes it has brought. A failed one tells nothing of the store's pace. */
  async measure<T>(request: () => Promise<T>, bytesOf: (answer: T) => number): Promise<T> {
    if (this.#inFlight === 0) this.#stretch = { start: this.#now(), bytes: 0, requests: 0 };
    this.#stretch.requests += 1;
    this.#inFlight += 1;
    try {
      const answer = await request();
      this.#stretch.bytes += bytesOf(answer);
      return answer;
    } catch (error) {
      this.#stretch.bytes = Number.NaN;
      throw error;
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#endStretch();
    }
  }

  #endStretch(): void {
    const { start, bytes, requests } = this.#stretch;
    const ms = this.#now() - start;
    if (requests === 1 && bytes <= littleBytes) keep(this.#latencies, ms);
    if (!(bytes >= muchBytes)) return;
    // The waiting for the first byte is no part of the line's width.
    const moving = ms - (middle(this.#latencies) ?? 0);
    if (moving > 0) keep(this.#bandwidths, (bytes * 8) / (moving * 1000));
  }
}

function keep(samples: number[], sample: number): void {
  samples.push(sample);
  if (samples.length > mostSamples) samples.shift();
}

function middle(samples: readonly number[]): number | undefined {
  if (samples.length < fewestSamples) return undefined;
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)];
}
