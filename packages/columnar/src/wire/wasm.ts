import { TributaryError } from '@tributary/contract';
import { Spares } from '../spares/spares.js';

/** What `run` stopped for. Kept equal to `Status` in assembly/batch.ts. */
export const status = { needsInput: 0, batchFull: 1, otherMessage: 2, fault: 3 } as const;

interface Global {
  readonly value: number;
}

/** What every decoder exports; described in assembly/batch.ts and in each decoder's index.ts. */
export type DecoderExports = {
  readonly memory: WebAssembly.Memory;
  readonly batchRows: Global;
  readonly totalRows: Global;
  readonly faultCode: Global;
  readonly faultColumn: Global;
  readonly faultRow: Global;
  columnAddress(index: number): number;
  reserve(size: number): number;
  run(size: number): number;
  clearBatch(): void;
  restLength(): number;
  recycle(): void;
};

/** Most bytes of the memories of idle instances of one decoder. */
const maxIdleBytes = 64 * 1024 * 1024;

/**
 * Instances of one decoder, each with memory of its own. The module is compiled once, and instances whose stream has ended are
 * kept: a point look-up would take longer to instantiate than to decode.
 */
export class DecoderInstances<Exports extends DecoderExports> {
  readonly #base64: string;
  readonly #idle = new Spares<Exports>(({ memory }) => memory.buffer.byteLength, maxIdleBytes);
  #compiled: WebAssembly.Module | undefined;

  constructor(base64: string) {
    this.#base64 = base64;
  }

  take(): Exports {
    return this.#idle.take() ?? this.#instantiate();
  }

  /** Takes back an instance whose stream has ended well; nothing may use it afterwards. */
  giveBack(exports: Exports): void {
    exports.recycle();
    this.#idle.give(exports);
  }

  #instantiate(): Exports {
    this.#compiled ??= new WebAssembly.Module(Buffer.from(this.#base64, 'base64'));
    const instance = new WebAssembly.Instance(this.#compiled, {
      env: {
        abort() {
          throw new TributaryError('RESOURCE.MEMORY', { message: 'The decoder ran out of memory.' });
        },
      },
    });
    return instance.exports as Exports;
  }
}
