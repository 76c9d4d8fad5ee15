/**
 * What a tab pays for others that may come: an ear. What answers them is fetched when one speaks.
 */

import type { Access } from './access.js';
import type { HeldLock } from './base/platform.js';
import { databaseName } from './running.js';

/** The lock, listening to other tabs for as long as it is held. */
export function sharing(access: Access, { release, lost }: HeldLock): HeldLock {
  const { platform, profile } = access.options;
  const channel = platform.openChannel?.(databaseName(profile));
  if (channel) {
    channel.onmessage = ({ data }) => {
      import('./tabs/leader.js').then(
        ({ hear }) => hear(access, channel, data),
        () => undefined, // the other tab asks again
      );
    };
  }
  return {
    lost,
    release: () => {
      channel?.close();
      release();
    },
  };
}
