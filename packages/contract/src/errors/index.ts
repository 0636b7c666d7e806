export { type ErrorCategory, type ErrorCode, type ErrorCodeName, errorCodes } from './codes.js';
export { redact } from './redact.js';
export { type ErrorDetails, TributaryError, abortError } from './tributary-error.js';
