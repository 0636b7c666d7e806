import type { Terminal } from './terminal.js';
import { formatBytes, formatCount, formatDuration } from './units.js';

const redrawMs = 100;

interface SourceProgress {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * What each source has delivered so far, on one line of a terminal's stderr that is redrawn and at last removed.
 * Where stderr is no terminal it is silent.
 */
export class ProgressLine implements Disposable {
  readonly #terminal: Terminal;
  readonly #sources = new Map<string, SourceProgress>();
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #shown = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    if (!terminal.stderr.isTTY) return;
    this.#timer = setInterval(() => this.#draw(), redrawMs);
    this.#timer.unref();
  }

  readonly update = (source: string, rows: number, bytes: number): void => {
    this.#sources.set(source, { rows, bytes });
  };

  /** Removes the line; it does not come back. To be called before anything else is printed. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#shown) this.#terminal.stderr.write('\r\x1b[K');
    this.#shown = false;
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #draw(): void {
    const line = progressText(this.#sources, performance.now() - this.#started);
    // Some terminals say that they are 0 columns wide.
    const width = (this.#terminal.stderr.columns || 80) - 1;
    this.#terminal.stderr.write(`\r\x1b[K${this.#terminal.err.dim(line.slice(0, width))}`);
    this.#shown = true;
  }
}

/** `shop 12,345 rows 1.2 MB · lake 0 rows 0 B · 0.4 s` */
export function progressText(sources: ReadonlyMap<string, SourceProgress>, ms: number): string {
  const parts = [...sources].map(
    ([source, { rows, bytes }]) => `${source} ${formatCount(rows)} rows ${formatBytes(bytes)}`,
  );
  return [...parts, formatDuration(ms)].join(' · ');
}
