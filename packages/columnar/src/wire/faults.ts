import { type ErrorCodeName, TributaryError } from '@tributary/contract';
import type { Column } from '../column-type.js';

interface Fault {
  readonly code: ErrorCodeName;
  /** What is wrong: with the value of a column, or with the stream. */
  readonly what: string;
}

const corrupt = (what: string): Fault => ({ code: 'SOURCE.CORRUPT_DATA', what });
const unrepresentable = (what: string): Fault => ({ code: 'SOURCE.UNREPRESENTABLE_VALUE', what });

/** By the numbers of `Fault` in assembly/state.ts. */
const faults: ReadonlyMap<number, Fault> = new Map([
  [1, corrupt('a protocol message has an impossible length')],
  [2, { code: 'RESOURCE.MEMORY', what: 'a row is larger than the limit for one row' }],
  [3, corrupt('the stream does not begin with the signature of the binary COPY format')],
  [4, corrupt('a row has another number of fields than was asked for')],
  [5, corrupt('rows follow the end of the copy')],
  [6, corrupt('the field has another length than its type')],
  [7, unrepresentable('NaN and infinity have no counterpart in its type')],
  [8, unrepresentable('the number has more digits than the precision of its type')],
  [9, unrepresentable('the number has more decimals than the scale of its type')],
  [10, unrepresentable('the value is outside the range of its type')],
  [11, unrepresentable('an array of more than one dimension is not a list')],
  [12, corrupt('the field does not have the form of its type')],
  [13, unrepresentable('a date whose month or day is zero, or that no calendar has, is no date')],
]);

/** Where a stream comes from, for messages. */
export interface StreamOrigin {
  readonly sourceId?: string;
  /** Dotted name of the table, or another name of what is read. */
  readonly object?: string;
}

export interface FaultPlace {
  readonly column: Column | undefined;
  /** Rows before the one at fault. */
  readonly row: number;
}

export function faultError(number: number, place: FaultPlace, origin: StreamOrigin): TributaryError {
  const fault = faults.get(number) ?? { code: 'ENGINE.INTERNAL', what: `unknown decoder fault ${number}` };
  const where = place.column === undefined ? '' : `column ${place.column.name}, `;
  return new TributaryError(fault.code, {
    message: `${origin.object ?? 'The answer'}: ${where}row ${place.row + 1} of this stream: ${fault.what}.`,
    ...origin,
  });
}

/** The stream breaks off or goes on in a way that the protocol does not know. */
export function streamError(what: string, origin: StreamOrigin): TributaryError {
  return new TributaryError('SOURCE.CORRUPT_DATA', {
    message: `${origin.object ?? 'The answer'}: ${what}.`,
    ...origin,
  });
}
