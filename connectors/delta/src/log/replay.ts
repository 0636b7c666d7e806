import { type Action, type AddFile, type Metadata, type Protocol, identityOf } from './actions.js';

/** The table's state while its log is replayed: later actions win (Delta protocol, "Action Reconciliation"). */
export class Replay {
  protocol: Protocol | undefined;
  metadata: Metadata | undefined;
  readonly #files: Map<string, AddFile>;

  /** @param before the state of an earlier version, which is left as it is */
  constructor(before?: ReplayedState) {
    this.protocol = before?.protocol;
    this.metadata = before?.metadata;
    this.#files = new Map(before?.files);
  }

  apply(actions: Iterable<Action>): void {
    // Within a commit the order says nothing: a file that gets another deletion vector may be added before it is removed.
    // Both carry the vector in their identity, so either order gives the same.
    for (const action of actions) {
      switch (action.kind) {
        case 'protocol':
          this.protocol = action.protocol;
          break;
        case 'metadata':
          this.metadata = action.metadata;
          break;
        case 'add':
          this.#files.set(identityOf(action.add), action.add);
          break;
        case 'remove':
          this.#files.delete(action.file);
          break;
        case 'commitInfo':
        case 'sidecar':
          break;
      }
    }
  }

  /** Files by identity. */
  get files(): ReadonlyMap<string, AddFile> {
    return this.#files;
  }
}

export interface ReplayedState {
  readonly protocol: Protocol;
  readonly metadata: Metadata;
  readonly files: ReadonlyMap<string, AddFile>;
}
