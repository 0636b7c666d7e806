import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolDirectory } from '@tributary/contract';

/** The part of the spill root that spools share. */
export interface SpillBudget {
  reserve(bytes: number): void;
  release(bytes: number): void;
}

/** One query's staging directory: made at its first file, deleted with everything in it when the query ends. */
export class QuerySpool implements SpoolDirectory {
  readonly path: string;
  readonly #budget: SpillBudget;
  #files = 0;
  #reserved = 0;

  constructor(budget: SpillBudget, path: string) {
    this.#budget = budget;
    this.path = path;
  }

  newFile(extension: string): string {
    if (this.#files === 0) mkdirSync(this.path, { recursive: true, mode: 0o700 });
    this.#files++;
    return join(this.path, `${this.#files}${extension}`);
  }

  reserve(bytes: number): void {
    this.#budget.reserve(bytes);
    this.#reserved += bytes;
  }

  release(bytes: number): void {
    const given = Math.min(bytes, this.#reserved);
    this.#reserved -= given;
    this.#budget.release(given);
  }

  async remove(): Promise<void> {
    if (this.#files > 0) await rm(this.path, { recursive: true, force: true });
    this.release(this.#reserved);
  }
}
