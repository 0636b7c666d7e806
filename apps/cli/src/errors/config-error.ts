import { type ErrorCodeName, type ErrorDetails, TributaryError } from '@tributary/contract';
import type { TextPosition } from './code-frame.js';

/** Where in a configuration file something stands. */
export interface ConfigLocation {
  readonly file: string;
  readonly text: string;
  readonly position: TextPosition;
}

type ConfigCode = Extract<ErrorCodeName, `CONFIG.${string}`>;

/** An error in a configuration file, with the place to show. */
export class ConfigError extends TributaryError {
  readonly location: ConfigLocation | undefined;

  constructor(code: ConfigCode, details: ErrorDetails & { readonly location?: ConfigLocation | undefined }) {
    super(code, details);
    this.location = details.location;
  }
}
