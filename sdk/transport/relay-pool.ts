/**
 * Several relays as one: a signal goes out over all that take one, sealed anew for each; one good
 * relay is enough.
 */

import type { Bytes } from '../base/bytes.js';
import { PimError } from '../base/errors.js';
import { MAX_RELAYS } from '../protocol/limits.js';
import type { TurnNote } from './given-turn.js';
import { type LinkHost, RelayLink } from './relay-link.js';

export class RelayPool {
  readonly #host: LinkHost;
  readonly #links = new Map<string, RelayLink>();
  /** Those named by the person, not by somebody else. */
  readonly #own = new Set<string>();

  constructor(host: LinkHost) {
    this.#host = host;
  }

  get links(): readonly RelayLink[] {
    return [...this.#links.values()];
  }

  /** Whether any relay takes envelopes. */
  get isReady(): boolean {
    return this.links.some((link) => link.isReady);
  }

  /** True where every relay has been tried and none is there; false while some are still on their way. */
  get isLost(): boolean {
    return this.links.every((link) => link.state !== 'online' && link.reason !== null);
  }

  /**
   * Joins a relay and keeps to it; one already joined is left as it is.
   * @param url as relay-url.ts spells it
   * @param isOwn named by the person, who so takes TURN servers from it; others join it for a contact
   * @throws relay/too-many
   */
  add(url: string, isOwn = true): void {
    if (this.#links.has(url)) return void (isOwn && this.#own.add(url));
    if (this.#links.size >= MAX_RELAYS) {
      const message = `At most ${MAX_RELAYS} relays are used at once.`;
      throw new PimError('relay/too-many', message, { max: MAX_RELAYS });
    }
    const link = new RelayLink(url, this.#host);
    this.#links.set(url, link);
    if (isOwn) this.#own.add(url);
    link.start();
  }

  remove(url: string): void {
    const link = this.#links.get(url);
    this.#links.delete(url);
    this.#own.delete(url);
    link?.stop(); // who hears of it finds those that are left
  }

  /** Leaves the relays that were joined for others only, but for `needed`. */
  keep(needed: ReadonlySet<string>): void {
    for (const { url } of this.links) {
      if (!this.#own.has(url) && !needed.has(url)) this.remove(url);
    }
  }

  /** What one's own relays said of TURN servers. */
  get turnNotes(): readonly TurnNote[] {
    return this.links.flatMap(({ turn, url }) => (turn !== null && this.#own.has(url) ? turn : []));
  }

  /** Has every relay that is believed to be there give a sign of life. */
  probe(): void {
    for (const link of this.links) link.probe();
  }

  /** Has every link dial now that waits, and ask now whether the relay is still there. */
  hurry(): void {
    for (const link of this.links) link.hurry();
  }

  /**
   * Sends over every link that takes envelopes.
   * @param seal makes one envelope; called once a link, so that no two relays see the same bytes
   * @param had URLs of the relays that had it before, which are left out; those that take it now are
   * added. Whether it arrives anywhere is nobody's to say.
   */
  async send(to: Bytes, seal: () => Promise<Bytes>, had = new Set<string>()): Promise<void> {
    const links = this.links.filter((link) => link.isReady && !had.has(link.url));
    for (const { url } of links) had.add(url);
    const sending = links.map(async (link) => {
      if (!link.send(to, await seal())) had.delete(link.url);
    });
    await Promise.all(sending);
  }

  stop(): void {
    for (const link of this.links) link.stop();
    this.#links.clear();
  }
}
