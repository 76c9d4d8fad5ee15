/** What a cluster needs of a message bus: at most once, no echo of one's own, nothing kept. */

export interface Bus {
  /** Whether what is published now has a way to others. */
  readonly isUp: boolean;
  /** @param take called with each message, whose bytes are its own only until it returns */
  subscribe(subject: string, take: (message: Uint8Array) => void): void;
  unsubscribe(subject: string): void;
  /** Never waits and never throws; the newest gives way. */
  publish(subject: string, message: Uint8Array): Published;
  /** Never rejects. */
  close(): Promise<void>;
}

/** `away`: there is no connection. `behind`: the server does not take what was published before. */
export type Published = 'published' | 'away' | 'behind';

/** What a bus tells of itself; each is told once until the other is. */
export interface BusEvents {
  up(): void;
  /** @param why a word, without names or secrets */
  away(why: string): void;
}
