export type EventListener<Event> = (event: Event) => void;

/** Typed events for whoever wants to watch. A listener that fails is none of the sender's business. */
export class EventBus<Events extends object> {
  readonly #listeners: { [Name in keyof Events]?: Set<EventListener<Events[Name]>> } = {};

  /** Returns the function that unsubscribes. */
  on<Name extends keyof Events>(name: Name, listener: EventListener<Events[Name]>): () => void {
    const listeners = (this.#listeners[name] ??= new Set());
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of this.#listeners[name] ?? []) callQuietly(() => listener(event));
  }
}

/** Calls a function of the user whose failure must not break a query: what it throws or rejects with is dropped. */
export function callQuietly(call: () => unknown): void {
  try {
    const returned = call();
    if (returned instanceof Promise) returned.catch(() => undefined);
  } catch {
    // Dropped on purpose: see above.
  }
}
