/**
 * What a browser tells of itself. Fetched when somebody asks; a file of the host, as browser.ts is.
 */

import type { HostFacts } from './base/platform.js';

export async function facts(): Promise<HostFacts> {
  const { storage, userAgent, onLine } = globalThis.navigator;
  const [isPersisted, estimate] = await Promise.all([
    storage?.persisted?.().catch(() => null) ?? null,
    storage?.estimate?.().catch(() => null) ?? null,
  ]);
  return {
    name: userAgent,
    isOnline: onLine ?? null,
    isPersisted,
    usedBytes: estimate?.usage ?? null,
    quotaBytes: estimate?.quota ?? null,
    erasesAfterDays: erasesAfterDays(userAgent),
    reach,
  };
}

/**
 * Safari, and every browser on iOS, erases script-writable storage after seven days of use without a
 * visit (WebKit, "Full Third-Party Cookie Blocking and More", 2020); pages on the home screen not.
 */
function erasesAfterDays(userAgent: string): number | null {
  const isWebKit = /AppleWebKit\/605/.test(userAgent) && !/Chrom(?:e|ium)\//.test(userAgent);
  const isInstalled =
    (globalThis.navigator as Navigator & { standalone?: boolean }).standalone === true ||
    globalThis.matchMedia?.('(display-mode: standalone)').matches === true;
  return isWebKit && !isInstalled ? 7 : null;
}

/** Opaque: only whether anything came back is seen, and no cookie goes along. */
async function reach(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    await fetch(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal });
    return true;
  } catch {
    return false;
  }
}
