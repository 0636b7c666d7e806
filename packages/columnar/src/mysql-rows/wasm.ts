import { mysqlRowsWasm } from '../../wasm/mysql-rows.js';
import { type DecoderExports, DecoderInstances } from '../wire/wasm.js';

/** The exports of assembly/mysql-rows/index.ts; described there. */
export type MysqlRowsExports = DecoderExports & {
  init(isParquet: number, columns: number, rowLimit: number, byteLimit: number, largestRow: number): void;
  setColumn(
    index: number,
    source: number,
    op: number,
    precision: number,
    scale: number,
    isNull: number,
    noDateIsNull: number,
  ): void;
  restAddress(): number;
};

export const mysqlRowsInstances = new DecoderInstances<MysqlRowsExports>(mysqlRowsWasm);
