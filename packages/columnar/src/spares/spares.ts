/** How long after the last was given all are kept, in milliseconds. */
const idleMs = 10_000;

/**
 * Large things of the process's that are used again: new ones are megabytes for V8 to collect, which looks through all of its
 * heap to do so, and pages for the system to clear. Ten seconds after the last was given, all go.
 */
export class Spares<Thing> {
  readonly #sizeOf: (thing: Thing) => number;
  readonly #maxBytes: number;
  readonly #things: Thing[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param maxBytes of all that are kept */
  constructor(sizeOf: (thing: Thing) => number, maxBytes: number) {
    this.#sizeOf = sizeOf;
    this.#maxBytes = maxBytes;
  }

  /** The one that was given last among those that will do. */
  take(willDo: (thing: Thing) => boolean = () => true): Thing | undefined {
    const index = this.#things.findLastIndex(willDo);
    const [thing] = index === -1 ? [] : this.#things.splice(index, 1);
    if (thing !== undefined) this.#bytes -= this.#sizeOf(thing);
    return thing;
  }

  /** Keeps what nobody uses any more, unless that would be too much. */
  give(thing: Thing): void {
    const size = this.#sizeOf(thing);
    if (this.#bytes + size > this.#maxBytes) return;
    this.#bytes += size;
    this.#things.push(thing);
    this.#timer ??= setTimeout(() => this.#clear(), idleMs).unref();
    this.#timer.refresh();
  }

  #clear(): void {
    this.#things.length = 0;
    this.#bytes = 0;
    this.#timer = undefined;
  }
}
