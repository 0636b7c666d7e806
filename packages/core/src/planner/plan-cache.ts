import type { FederatedPlan } from '../plan/federated-plan.js';

const maxEntries = 500;
/** As long as schemas are taken for true, in milliseconds. */
const freshForMs = 60_000;

/** Whether what a plan was made of is still so. */
export type Unchanged = (signal: AbortSignal) => Promise<boolean>;

interface Entry {
  readonly plan: FederatedPlan;
  readonly unchanged: Unchanged;
  /** When it was last certain that the plan is what planning would give. */
  readonly checkedAt: number;
}

/** Plans by statement, least recently used out first: planning a statement again gives the same plan while nothing changes. */
export class PlanCache {
  readonly #entries = new Map<string, Entry>();

  async get(key: string, signal: AbortSignal): Promise<FederatedPlan | undefined> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const isFresh = Date.now() - entry.checkedAt < freshForMs;
    const holds = isFresh || (await entry.unchanged(signal));
    // All may have been forgotten in the meantime.
    if (this.#entries.get(key) !== entry) return undefined;
    this.#entries.delete(key);
    if (!holds) return undefined;
    this.#entries.set(key, isFresh ? entry : { ...entry, checkedAt: Date.now() });
    return entry.plan;
  }

  set(key: string, plan: FederatedPlan, unchanged: Unchanged): void {
    this.#entries.delete(key);
    this.#entries.set(key, { plan, unchanged, checkedAt: Date.now() });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > maxEntries && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** After any change of views, sources or schemas. */
  clear(): void {
    this.#entries.clear();
  }
}
