import { TributaryError } from '@tributary/contract';
import { pgCopyWasm } from '../../wasm/pg-copy.js';

/** What `run` stopped for. Kept equal to assembly/index.ts. */
export const status = { needsInput: 0, batchFull: 1, otherMessage: 2, fault: 3 } as const;

interface Global {
  readonly value: number;
}

/** The exports of assembly/index.ts; described there. */
export type PgCopyExports = {
  readonly memory: WebAssembly.Memory;
  readonly batchRows: Global;
  readonly totalRows: Global;
  readonly isTrailerRead: Global;
  readonly faultCode: Global;
  readonly faultColumn: Global;
  readonly faultRow: Global;
  init(
    isParquet: number,
    columns: number,
    rowLimit: number,
    byteLimit: number,
    messageLimit: number,
    rowMessage: number,
  ): void;
  setColumn(index: number, op: number, precision: number, scale: number): void;
  setElement(index: number, op: number, precision: number, scale: number): void;
  columnAddress(index: number): number;
  reserve(size: number): number;
  run(size: number): number;
  clearBatch(): void;
  messageAddress(): number;
  messageLength(): number;
  skipMessage(): void;
  restLength(): number;
  isInsideTuple(): number;
  recycle(): void;
};

let compiled: WebAssembly.Module | undefined;

/** Instances whose stream has ended. A point look-up would take longer to instantiate than to decode. */
const idle: PgCopyExports[] = [];
const maxIdle = 8;
/** An instance that has grown larger goes to the garbage collector. */
const maxIdleBytes = 2 * 1024 * 1024;

/** An instance with memory of its own; the module is compiled once. */
export function instantiatePgCopy(): PgCopyExports {
  return idle.pop() ?? instantiate();
}

/** Takes back an instance whose stream has ended well; nothing may use it afterwards. */
export function recyclePgCopy(exports: PgCopyExports): void {
  if (idle.length >= maxIdle || exports.memory.buffer.byteLength > maxIdleBytes) return;
  exports.recycle();
  idle.push(exports);
}

function instantiate(): PgCopyExports {
  compiled ??= new WebAssembly.Module(Buffer.from(pgCopyWasm, 'base64'));
  const instance = new WebAssembly.Instance(compiled, {
    env: {
      abort() {
        throw new TributaryError('RESOURCE.MEMORY', { message: 'The COPY decoder ran out of memory.' });
      },
    },
  });
  return instance.exports as PgCopyExports;
}
