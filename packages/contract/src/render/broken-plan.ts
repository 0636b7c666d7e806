import { TributaryError } from '../errors/index.js';

/** Rendering never fails on a sound plan: whoever made this one broke a rule of the IR. */
export function brokenPlan(what: string): never {
  throw new TributaryError('ENGINE.INTERNAL', { message: `The plan to render is broken: ${what}.` });
}
