import type { FederatedPlan } from '../plan/federated-plan.js';

const maxEntries = 500;
/** As long as schemas are taken for true, in milliseconds. */
const freshForMs = 60_000;

interface Entry {
  readonly plan: FederatedPlan;
  readonly madeAt: number;
}

/** Plans by statement, least recently used out first: planning a statement again gives the same plan for a while. */
export class PlanCache {
  readonly #entries = new Map<string, Entry>();

  get(key: string): FederatedPlan | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (Date.now() - entry.madeAt >= freshForMs) return undefined;
    this.#entries.set(key, entry);
    return entry.plan;
  }

  set(key: string, plan: FederatedPlan): void {
    this.#entries.delete(key);
    this.#entries.set(key, { plan, madeAt: Date.now() });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > maxEntries && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** After any change of views, sources or schemas. */
  clear(): void {
    this.#entries.clear();
  }
}
