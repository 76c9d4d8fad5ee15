/**
 * `pim.relays` and `pim.connections`: how the network stands.
 */

import { type Access, keyOfAddress, unknownContact } from './access.js';
import type { ConnectionStatus, RelayStatus } from './events.js';
import { parseRelayUrl } from './protocol/relay-url.js';

export class RelaysArea {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  list(): RelayStatus[] {
    const { chat, view } = this.#access.running();
    return chat.book.pool.links.map((link) => view.relay(link.url, link.state, link.reason));
  }

  /** Joins a relay until `stop()`. @throws options/invalid, relay/insecure, relay/too-many */
  async add(url: string): Promise<void> {
    this.#access
      .running()
      .chat.book.pool.add(parseRelayUrl(url, this.#access.options.allowInsecure));
  }

  async remove(url: string): Promise<void> {
    this.#access
      .running()
      .chat.book.pool.remove(parseRelayUrl(url, this.#access.options.allowInsecure));
  }
}

export class ConnectionsArea {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** @throws address/invalid, address/own, contact/unknown */
  status(address: string): ConnectionStatus {
    const { chat, view } = this.#access.running();
    const key = keyOfAddress(this.#access, address);
    if (chat.people.contact(key) === null) throw unknownContact();
    return view.connection(key);
  }

  /** Tries again now; what comes of it arrives as `connection` events. */
  retry(address: string): void {
    this.#access.running().chat.retry(keyOfAddress(this.#access, address));
  }
}
