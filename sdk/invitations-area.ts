/**
 * `pim.invitations`: links by which strangers may come, each of which can be stopped alone.
 */

import type { Access } from './access.js';
import type { InvitationChange, InvitationOptions, IssuedInvitation } from './invitation-deeds.js';

export class InvitationsArea {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /**
   * Makes one. Its token is signed: whoever opens the link sees whether it is mine and still good.
   * @throws options/invalid, invitation/too-many, storage/full
   */
  async create(options: InvitationOptions = {}): Promise<IssuedInvitation> {
    return (await this.#deeds()).create(this.#access, options);
  }

  /** All that are not withdrawn, the newest first. @param page the page their links open */
  async list(page = ''): Promise<IssuedInvitation[]> {
    return (await this.#deeds()).list(this.#access, page);
  }

  /**
   * Calls it otherwise, lets people in otherwise, or pauses it and opens it again. Those who came by it
   * stay who they are. @throws invitation/unknown, options/invalid
   */
  async change(id: string, change: InvitationChange): Promise<IssuedInvitation> {
    return (await this.#deeds()).change(this.#access, id, change);
  }

  /** Withdraws it for good: nobody comes in by it any longer. @throws invitation/unknown */
  async withdraw(id: string): Promise<void> {
    return (await this.#deeds()).withdraw(this.#access, id);
  }

  #deeds(): Promise<typeof import('./invitation-deeds.js')> {
    this.#access.running();
    return import('./invitation-deeds.js');
  }
}
