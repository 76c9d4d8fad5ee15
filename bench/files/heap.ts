/** The memory of a page while it works. */

import type { CDPSession, Page } from 'playwright-core';

/** Milliseconds between looks; every fourth one comes after a collection. */
const LOOK_MS = 250;

export interface Growth {
  /** Bytes at most, right after a collection: what the page holds on to. */
  readonly held: number;
  /** Bytes at most, with what is to be collected. */
  readonly used: number;
}

/** V8's heap with what lies outside it in ArrayBuffers. */
export async function watchHeap(page: Page) {
  const session: CDPSession = await page.context().newCDPSession(page);
  const read = async (): Promise<number> => {
    const usage = (await session.send('Runtime.getHeapUsage')) as {
      usedSize: number;
      backingStorageSize?: number;
    };
    return usage.usedSize + (usage.backingStorageSize ?? 0);
  };
  const collect = () => session.send('HeapProfiler.collectGarbage');
  await collect();
  const start = await read();
  const peak = { held: start, used: start };
  let [isPaused, isOver] = [false, false];
  const watch = async () => {
    for (let n = 1; !isOver; n++) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      if (isPaused || isOver) continue;
      try {
        peak.used = Math.max(peak.used, await read());
        if (n % 4 !== 0) continue;
        await collect();
        peak.held = Math.max(peak.held, await read());
      } catch {
        // The page is being opened again.
      }
    }
  };
  void watch();
  return {
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      isPaused = false;
    },
    stop: (): Growth => {
      isOver = true;
      return { held: peak.held - start, used: peak.used - start };
    },
  };
}
