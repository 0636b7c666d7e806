import type { Check } from '../suite/check.js';
import { answerChecks } from './answers.js';
import { cancellationChecks } from './cancellation.js';
import { capabilityChecks } from './capabilities.js';
import { contractChecks } from './contract.js';
import { failureChecks } from './failures.js';
import { limitChecks } from './limits.js';
import { resourceChecks } from './resources.js';
import { secretChecks } from './secrets.js';
import { typeChecks } from './types.js';

/** Every check, in the order in which they run: what breaks the source comes late. */
export const allChecks: readonly Check[] = [
  ...contractChecks,
  ...typeChecks,
  ...capabilityChecks,
  ...answerChecks,
  ...limitChecks,
  ...cancellationChecks,
  ...secretChecks,
  ...failureChecks,
  ...resourceChecks,
];
