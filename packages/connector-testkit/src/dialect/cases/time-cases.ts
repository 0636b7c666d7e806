import type { DataType } from '@tributary/connector-sdk';
import { lit } from '../expressions.js';
import { type FunctionCase, one, text, two } from './function-case.js';

const whole: DataType = { id: 'bigint' };

const fieldNames = [
  'year',
  'quarter',
  'month',
  'day',
  'dayofmonth',
  'hour',
  'minute',
  'second',
  'isodow',
  'dayofweek',
  'weekday',
  'dayofyear',
  'week',
  'weekofyear',
  'isoyear',
];
const partNames = [
  ...fieldNames,
  'years',
  'quarters',
  'months',
  'days',
  'hours',
  'minutes',
  'seconds',
  'weeks',
  'dow',
  'doy',
  'YEAR',
];
const units = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'];
const intervals = ['1 month', '-1 month', '1 day', '1 year 2 months -3 days 04:05:06.5', '00:00:00'];

export function timeCases(type: DataType): readonly FunctionCase[] {
  switch (type.id) {
    case 'date':
      return [
        ...pointCases({ id: 'timestamp' }),
        two('-', whole),
        ...['+', '-'].map((fn) => one(fn, type, lit('integer', '30'))),
        one('last_day', type),
      ];
    case 'timestamp':
      return [...pointCases(type), two('-', { id: 'interval' })];
    case 'timestamptz':
      return pointCases(type);
    default:
      return [];
  }
}

/** @param cut the type of what is cut off, or moved by an interval */
function pointCases(cut: DataType): readonly FunctionCase[] {
  return [
    ...fieldNames.map((fn) => one(fn, whole)),
    ...partNames.flatMap((part) => ofPart(['date_part', 'datepart'], part, whole)),
    ...units.flatMap((unit) => ofPart(['date_trunc', 'datetrunc'], unit, cut)),
    ...intervals.flatMap((value) => ['+', '-'].map((fn) => one(fn, cut, lit('interval', value)))),
  ];
}

function ofPart(fns: readonly string[], part: string, result: DataType): readonly FunctionCase[] {
  return fns.map((fn) => ({ fn, result, args: (a) => [text(part), a] }));
}
