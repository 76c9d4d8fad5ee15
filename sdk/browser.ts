/**
 * The browser as a Platform: the one file of the SDK that touches browser globals.
 */

import type { Bytes } from './base/bytes.js';
import { PimError } from './base/errors.js';
import type { HeldLock, Platform, SocketLike, TabChannel, Wake } from './base/platform.js';

/** @throws platform/unsupported where there is no strong randomness: nothing can be started then */
export function browserPlatform(): Platform {
  const { crypto } = globalThis;
  if (typeof crypto?.getRandomValues !== 'function') {
    const message = 'This browser has no secure random numbers.';
    throw new PimError('platform/unsupported', message, { missing: 'crypto.getRandomValues' });
  }
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer: (run, ms) => setTimeout(run, ms),
    clearTimer: (timer) => clearTimeout(timer as number),
    random: (length): Bytes => crypto.getRandomValues(new Uint8Array(length)),
    subtle: crypto.subtle ?? null,
    openSocket: (url) => new WebSocket(url) as unknown as SocketLike,
    openPeerConnection:
      typeof RTCPeerConnection === 'function' ? (config) => new RTCPeerConnection(config) : null,
    indexedDB: indexedDbOrNull(),
    isSecure: globalThis.isSecureContext === true,
    origin: globalThis.location?.origin ?? '',
    holdLock,
    openChannel: (name) =>
      typeof BroadcastChannel === 'function' && globalThis.navigator?.locks
        ? (new BroadcastChannel(name) as TabChannel)
        : null,
    persist: async () => (await navigator.storage?.persist?.().catch(() => false)) ?? false,
    facts: async () => (await import('./browser-facts.js')).facts(),
    onWake,
  };
}

/** Reading `indexedDB` throws where a page's storage is denied altogether. */
function indexedDbOrNull(): IDBFactory | null {
  try {
    return globalThis.indexedDB ?? null;
  } catch {
    return null;
  }
}

/** W3C Web Locks; where they are missing (insecure pages) nothing can be held, and all is granted. */
async function holdLock(
  name: string,
  force: boolean,
  signal?: AbortSignal,
): Promise<HeldLock | null> {
  const locks = globalThis.navigator?.locks;
  if (locks === undefined) return { release: () => undefined, lost: new Promise(() => undefined) };
  const waiting = signal ? { signal } : { ifAvailable: true };
  return new Promise((resolve) => {
    const lost = new Promise<void>((tell) => {
      const ended = locks.request(name, force ? { steal: true } : waiting, (lock) => {
        if (lock !== null) return new Promise<void>((release) => resolve({ release, lost }));
        resolve(null);
      });
      // A stolen lock rejects its request; a released one resolves it, and then nothing was lost.
      Promise.resolve(ended).catch(() => {
        resolve(null); // nobody waits for it any longer
        tell();
      });
    });
  });
}

function onWake(handler: (wake: Wake) => void): () => void {
  const page = globalThis.document;
  const isOnline = () => handler('online');
  const isShown = () => page?.visibilityState === 'visible' && handler('visible');
  const isLeft = () => handler('leaving');
  // W3C Network Information §5 and Page Lifecycle §4; not every browser has them.
  const { connection } = globalThis.navigator as Navigator & { connection?: EventTarget };
  const listeners = [
    [globalThis, 'online', isOnline],
    [connection, 'change', isOnline],
    [page, 'resume', isOnline],
    [globalThis, 'pageshow', isShown],
    [globalThis, 'pagehide', isLeft],
    [page, 'visibilitychange', isShown],
  ] as const;
  for (const [target, type, listener] of listeners) target?.addEventListener?.(type, listener);
  return () => {
    for (const [target, type, listener] of listeners) target?.removeEventListener?.(type, listener);
  };
}
