export interface ProxySettings {
  /** The server's URL. */
  readonly target: string;
  /** Milliseconds before each answer begins. */
  readonly delayMs: number;
}

/** What a server has sent. */
export interface Traffic {
  /** Requests for bytes of objects. */
  readonly reads: number;
  /** Bytes of their bodies. */
  readonly bytes: number;
  /** Listings and looks at single objects. */
  readonly looks: number;
}

export type ProxyNews =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'traffic'; readonly traffic: Traffic };
