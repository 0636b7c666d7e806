import { pgCopyWasm } from '../../wasm/pg-copy.js';
import { type DecoderExports, DecoderInstances } from '../wire/wasm.js';

/** The exports of assembly/pg-copy/index.ts; described there. */
export type PgCopyExports = DecoderExports & {
  readonly isTrailerRead: { readonly value: number };
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
  messageAddress(): number;
  messageLength(): number;
  skipMessage(): void;
  isInsideTuple(): number;
};

export const pgCopyInstances = new DecoderInstances<PgCopyExports>(pgCopyWasm);
