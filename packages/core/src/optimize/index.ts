export type { OptimizeContext } from './context.js';
export { optimize, rules } from './optimize.js';
export type { Rule } from './rule.js';
