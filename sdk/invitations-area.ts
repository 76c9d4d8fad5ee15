/**
 * `pim.invitations`: links by which strangers may come, each of which can be stopped alone.
 */

import type { Access } from './access.js';
import { loaded } from './base/loaded.js';
import type { InvitationChange, InvitationOptions, IssuedInvitation } from './invitation-deeds.js';
import { seldom } from './seldom.js';

export interface InvitationsArea {
  /**
   * Makes one. Its token is signed: whoever opens the link sees whether it is mine and still good.
   * @throws options/invalid, invitation/too-many, storage/full
   */
  create(options?: InvitationOptions): Promise<IssuedInvitation>;

  /** All that are not withdrawn, the newest first. @param page the page their links open */
  list(page?: string): Promise<IssuedInvitation[]>;

  /**
   * Calls it otherwise, lets people in otherwise, or pauses it and opens it again. Those who came by it
   * stay who they are. @throws invitation/unknown, options/invalid
   */
  change(id: string, change: InvitationChange): Promise<IssuedInvitation>;

  /** Withdraws it for good: nobody comes in by it any longer. @throws invitation/unknown */
  withdraw(id: string): Promise<void>;
}

export function invitationsArea(access: Access): InvitationsArea {
  const methods = seldom(access, 'create list change withdraw', () =>
    loaded(import('./invitation-deeds.js')),
  );
  return Object.create(methods);
}
