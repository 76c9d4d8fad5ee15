/**
 * Tabs that wait at a passphrase: once one of them was opened, the others go along with it.
 */

import type { Access } from '../access.js';
import { toHex } from '../base/bytes.js';
import { isPimError, PimError } from '../base/errors.js';
import { databaseName } from '../running.js';
import { erased } from './faults.js';
import { parse, type Saying, written } from './wire.js';

/** Says something in the place of this tab, which may lead or not. */
export function tell({ options }: Access, saying: Saying): void {
  const channel = options.platform.openChannel?.(databaseName(options.profile));
  channel?.postMessage(written(saying));
  channel?.close();
}

export async function unlocked(
  access: Access,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { pim, options } = access;
  const { platform, profile } = options;
  if (signal?.aborted) throw aborted();
  if (access.state() === 'started') return;
  const channel = platform.openChannel?.(databaseName(profile)) ?? null;
  let undo: () => void = () => undefined;
  const over = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      undo = pim.on('*', ({ type }) => type === 'ready' && resolve());
      signal?.addEventListener('abort', () => reject(aborted()), { signal: over.signal });
      if (channel === null) return;
      channel.onmessage = ({ data }) => {
        const saying = parse(data);
        if (saying?.kind === 'erased') return reject(erased());
        const isThere = saying?.kind === 'lead' || (saying?.kind === 'alive' && saying.runs);
        // Gone again before this tab was let in: the next one is waited for.
        if (isThere) pim.start().catch((fault) => isLocked(fault) || reject(fault));
      };
      const from = toHex(platform.random(8));
      channel.postMessage(written({ kind: 'ping', from }));
    });
  } finally {
    undo();
    over.abort();
    channel?.close();
  }
}

function isLocked(fault: unknown): boolean {
  return isPimError(fault, 'identity/locked');
}

function aborted(): PimError<'pim/aborted'> {
  return new PimError('pim/aborted', 'Nobody waits for it any more.', null);
}
