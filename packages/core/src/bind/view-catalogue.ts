import type { ViewDefinition } from '../plan/federated-plan.js';
import type { TableReference } from './table-references.js';

/** A table that a statement reads, directly or through views. */
export interface ReadTable extends TableReference {
  /** Whether the statement's own text names it, so that `byteOffset` is an offset in that text. */
  readonly direct: boolean;
}

/** The engine's views by name (without regard to case), in the order of their definition. */
export class ViewCatalogue {
  readonly #views = new Map<string, ViewDefinition>();

  has(name: string): boolean {
    return this.#views.has(name.toLowerCase());
  }

  set(view: ViewDefinition): void {
    this.delete(view.name);
    this.#views.set(view.name.toLowerCase(), view);
  }

  delete(name: string): boolean {
    return this.#views.delete(name.toLowerCase());
  }

  all(): readonly ViewDefinition[] {
    return [...this.#views.values()];
  }

  /**
   * What a text reads: tables, and views each after those that it reads itself.
   * @param references the names in a text
   */
  async readBy(
    sql: string,
    references: (sql: string) => Promise<readonly TableReference[]>,
  ): Promise<{ readonly tables: readonly ReadTable[]; readonly views: readonly ViewDefinition[] }> {
    const tables: ReadTable[] = [];
    const views = new Map<string, ViewDefinition>();
    const visit = async (text: string, within: ReadonlySet<string>): Promise<void> => {
      for (const reference of await references(text)) {
        const key = reference.parts.join('.').toLowerCase();
        const view = reference.parts.length === 1 ? this.#views.get(key) : undefined;
        if (view === undefined || within.has(key)) {
          tables.push({ ...reference, direct: within.size === 0 });
        } else if (!views.has(key)) {
          await visit(view.query, new Set([...within, key]));
          views.set(key, view);
        }
      }
    };
    await visit(sql, new Set());
    return { tables, views: [...views.values()] };
  }
}
